import { z } from 'zod';
import { AppError, DATA_CLASSES, expectId } from '#core/index.ts';
import type { Condition } from './condition.ts';
import type { AclPolicy, Entry, Override } from './policy.ts';
import { isSubject } from './subject.ts';

const MAX_DEPTH = 6;
const MAX_PARTS = 64;
const name = z.string().min(1).max(100);
const values = z.array(z.string().min(1).max(200)).max(MAX_PARTS);
const timeMs = z.number().int().nullable();

const leaf = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('anyOf'), attribute: name, values }),
  z.strictObject({ kind: z.literal('noneOf'), attribute: name, values }),
  z.strictObject({ kind: z.literal('clearance'), atLeast: z.enum(DATA_CLASSES) }),
  z.strictObject({ kind: z.literal('purpose'), values }),
  z.strictObject({ kind: z.literal('during'), fromMs: timeMs, toMs: timeMs }),
]);

/** Conditions nest at most six deep: deeper ones come from nobody who means well. */
function conditionAtDepth(depth: number): z.ZodType<Condition> {
  if (depth === 0) return leaf;
  const of = z.array(z.lazy(() => conditionAtDepth(depth - 1))).max(MAX_PARTS);
  return z.union([
    leaf,
    z.strictObject({ kind: z.literal('all'), of }),
    z.strictObject({ kind: z.literal('any'), of }),
  ]);
}

/** An attribute rule as it comes from outside: from the API, a sidecar or a row. */
export const conditionSchema: z.ZodType<Condition> = conditionAtDepth(MAX_DEPTH);

/** A grant as it comes from outside. */
export const entrySchema: z.ZodType<Entry> = z
  .strictObject({
    effect: z.enum(['allow', 'deny']),
    subject: z.string().refine(isSubject, 'not a subject: everyone, group:…, role:… or principal:…/…'),
    condition: conditionSchema.optional(),
  })
  .transform(({ effect, subject, condition }) => ({ effect, subject, condition }));

/** What an override says, as it comes from outside. */
export const overrideSchema = z.strictObject({
  inherits: z.boolean().default(true),
  entries: z.array(entrySchema).max(500).default([]),
  rules: z.array(conditionSchema).max(MAX_PARTS).default([]),
});

/** Reads a grant that came from outside. @throws {AppError} input.invalid */
export const readEntry = (given: unknown): Entry => read(entrySchema, given);

/** Reads an override that came from outside. @throws {AppError} input.invalid */
export const readOverride = (given: unknown): Override => read(overrideSchema, given);

function read<Value>(schema: z.ZodType<Value>, given: unknown): Value {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = issue?.path.join('.') ?? '';
  throw new AppError('input.invalid', `"${param}" is not right: ${issue?.message ?? 'unreadable'}.`, {
    details: { param },
  });
}

const policySchema = z.strictObject({
  collectionId: z.string().transform((text) => expectId('collection', text)),
  inherits: z.boolean(),
  entries: z.array(entrySchema),
  rules: z.array(conditionSchema),
});

/** Reads an access set's policy out of its row. @throws {z.ZodError} when the row is damaged. */
export function parsePolicy(text: string): AclPolicy {
  return policySchema.parse(JSON.parse(text));
}
