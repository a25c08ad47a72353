import { isAlias, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import { DATA_CLASSES, type DataClass } from '#core/index.ts';

/** Ending of the file that lies beside a document and says about it what the document itself cannot. */
export const SIDECAR_ENDING = '.hradlo.yaml';

/** Who may read the document, by name: everyone whom the collection lets, a group, or one person. */
export type SidecarGrant =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'group' | 'user'; readonly name: string };

/**
 * What must hold of whoever reads, beside a grant. A mapping is one rule and all of it must hold; of a list of values
 * one must fit, and under `not` the attribute must be known and none may.
 */
export type SidecarRule =
  | { readonly kind: 'all'; readonly of: readonly SidecarRule[] }
  | { readonly kind: 'anyOf' | 'noneOf'; readonly attribute: string; readonly values: readonly string[] }
  | { readonly kind: 'clearance'; readonly atLeast: DataClass }
  | { readonly kind: 'purpose'; readonly values: readonly string[] }
  | { readonly kind: 'during'; readonly fromMs: number | null; readonly toMs: number | null };

export interface Sidecar {
  readonly id: string | undefined;
  readonly title: string | undefined;
  /** Start of the first day on which the version holds, in UTC. */
  readonly validFromMs: number | undefined;
  /** End of the last one. */
  readonly validToMs: number | undefined;
  readonly dataClass: DataClass | undefined;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Undefined: as the collection says. */
  readonly grants: readonly SidecarGrant[] | undefined;
  /** All must hold for anyone. */
  readonly rules: readonly SidecarRule[];
}

/** A sidecar, or everything that is wrong with it, each with its line. */
export type SidecarOutcome =
  | { readonly sidecar: Sidecar; readonly faults?: never }
  | { readonly sidecar?: never; readonly faults: readonly string[] };

const DAY_MS = 86_400_000;
const MAX_SIDECAR_CHARACTERS = 64 * 1024;
const MAX_VALUES = 64;
const MAX_RULES = 64;
const text = z.string().trim().min(1).max(500);
const name = z.string().trim().min(1).max(200);

const day = z
  .string('write the day as YYYY-MM-DD')
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'write the day as YYYY-MM-DD', abort: true })
  .refine((value) => {
    const time = Date.parse(`${value}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
  }, 'there is no such day')
  .transform((value) => Date.parse(`${value}T00:00:00Z`));

const right = z.literal('read', 'the only right is "read"').default('read');
const WHOM = 'name one of everyone: true, group: <name>, user: <name>, and right: read';
const grant = z.union(
  [
    z
      .strictObject({ everyone: z.literal(true), right })
      .transform((): SidecarGrant => ({ kind: 'everyone' })),
    z.strictObject({ group: name, right }).transform(({ group }): SidecarGrant => {
      return { kind: 'group', name: group };
    }),
    z
      .strictObject({ user: name, right })
      .transform(({ user }): SidecarGrant => ({ kind: 'user', name: user })),
  ],
  WHOM,
);

const scalar = z.union([text, z.number(), z.boolean()], 'write a text or a list of texts').transform(String);
const labels = z.union([scalar.transform((one) => [one]), z.array(scalar).max(MAX_VALUES)]);

const attributeName = z.string().regex(/^[a-z][a-z0-9_-]{0,49}$/, 'name an attribute in lower-case letters');
const rule = z
  .object({
    clearance: z.enum(DATA_CLASSES).optional(),
    purpose: labels.optional(),
    from: day.optional(),
    until: day.optional(),
    not: z.record(attributeName, labels).optional(),
  })
  .catchall(labels)
  .transform((given, context): SidecarRule => {
    const { clearance, purpose, from, until, not = {}, ...attributes } = given;
    const parts: SidecarRule[] = [
      ...valueRules('anyOf', attributes),
      ...valueRules('noneOf', not),
      ...(clearance === undefined ? [] : [{ kind: 'clearance', atLeast: clearance } as const]),
      ...(purpose === undefined ? [] : [{ kind: 'purpose', values: purpose } as const]),
    ];
    if (from !== undefined || until !== undefined)
      parts.push({ kind: 'during', fromMs: from ?? null, toMs: until === undefined ? null : until + DAY_MS });
    const wrong = Object.keys(attributes).find((key) => !attributeName.safeParse(key).success);
    if (wrong !== undefined || parts.length === 0)
      context.addIssue({
        code: 'custom',
        message: 'name attributes, clearance, purpose, from, until or not',
      });
    return { kind: 'all', of: parts };
  });

function valueRules(kind: 'anyOf' | 'noneOf', wanted: Readonly<Record<string, string[]>>): SidecarRule[] {
  return Object.entries(wanted).map(([attribute, values]) => ({ kind, attribute, values }));
}

const SidecarSchema = z
  .strictObject({
    id: name.optional(),
    title: text.optional(),
    'valid-from': day.optional(),
    'valid-to': day.optional(),
    'data-class': z.enum(DATA_CLASSES).optional(),
    // Taken out before the sidecar is stored; what arrives here only says that there was one.
    password: z.union([z.string().min(1).max(500), z.number(), z.boolean()]).optional(),
    attributes: z.record(name, labels).default({}),
    grants: z.array(grant).min(1, 'name at least one who may read, or leave grants out').max(200).optional(),
    rules: z.array(rule).max(MAX_RULES).default([]),
  })
  .refine(
    // A day that is no day is a fault of its own: it compares with nothing.
    (sidecar) => !((sidecar['valid-to'] ?? Infinity) < (sidecar['valid-from'] ?? -Infinity)),
    'valid-to lies before valid-from',
  );

/**
 * Reads a sidecar. Strict: an unknown key or a wrong value is a fault and not passed over, because a misspelt
 * `grants` would open what somebody meant to close.
 */
export function readSidecar(source: string): SidecarOutcome {
  if (source.length > MAX_SIDECAR_CHARACTERS) return { faults: ['it is longer than 64 KiB'] };
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, schema: 'core', uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lineCounter.linePos(error.pos[0]);
    return { faults: [`line ${line}: ${error.message.split('\n')[0]!.replace(/ at line.*$/, '')}`] };
  }
  // They may stand for a tree of any size, and a sidecar has no use for them.
  if (hasAlias(document)) return { faults: ['it uses an alias (*name); write the value out'] };
  const result = SidecarSchema.safeParse(document.toJS() ?? {});
  if (!result.success) {
    return { faults: result.error.issues.map((issue) => `${placeOf(issue)}: ${issue.message}`) };
  }
  const { id, title, attributes, grants, rules, ...rest } = result.data;
  const lastDayMs = rest['valid-to'];
  return {
    sidecar: {
      id,
      title,
      validFromMs: rest['valid-from'],
      validToMs: lastDayMs === undefined ? undefined : lastDayMs + DAY_MS,
      dataClass: rest['data-class'],
      attributes,
      grants,
      rules,
    },
  };
}

function hasAlias(document: Document): boolean {
  let isFound = false;
  visit(document, (_key, node) => {
    isFound ||= isAlias(node);
  });
  return isFound;
}

function placeOf(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? 'the file' : issue.path.join('.');
}
