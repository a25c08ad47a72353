import * as fc from 'fast-check';
import { DATA_CLASSES, makeId, type CollectionId, type Principal, type TenantId } from '#core/index.ts';
import type { Condition, DecisionContext, Entry, Override, Subject } from '#identity/index.ts';

// A small world, so that random people, grants and rules often meet.
const idOf = <Kind extends 'tenant' | 'collection'>(kind: Kind, digit: number) =>
  makeId(kind, new Uint8Array(16).fill(digit));
export const TENANTS: readonly TenantId[] = [idOf('tenant', 1), idOf('tenant', 2)];
export const COLLECTIONS: readonly CollectionId[] = [1, 2, 3].map((digit) => idOf('collection', digit));
const GROUPS = ['grp_a', 'grp_b', 'grp_c'];
const PEOPLE = ['anna', 'bořek', 'cyril', 'o/x y'];
const ROLES = ['administrator', 'user', 'auditor'] as const;
const DEPARTMENTS = ['legal', 'sales', 'it', 'výroba'];
const REGIONS = ['cz', 'sk'];
const PURPOSES = ['audit', 'support', 'research'];
/** Wall time of the world, in milliseconds. */
const timeMs = fc.integer({ min: 0, max: 20 });

const principalSubject = (name: string): Subject => `principal:hradlo/${encodeURIComponent(name)}`;

const subject: fc.Arbitrary<Subject> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Subject>('everyone') },
  { weight: 3, arbitrary: fc.constantFrom(...GROUPS).map((group): Subject => `group:${group}`) },
  { weight: 2, arbitrary: fc.constantFrom(...ROLES).map((role): Subject => `role:${role}`) },
  { weight: 3, arbitrary: fc.constantFrom(...PEOPLE).map(principalSubject) },
);

const listOf = (values: readonly string[]) => fc.subarray([...values]);
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('anyOf' as const, 'noneOf' as const),
    attribute: fc.constant('department'),
    values: listOf(DEPARTMENTS),
  }),
  fc.record({
    kind: fc.constantFrom('anyOf' as const, 'noneOf' as const),
    attribute: fc.constant('region'),
    values: listOf(REGIONS),
  }),
  fc.record({ kind: fc.constant('clearance' as const), atLeast: fc.constantFrom(...DATA_CLASSES) }),
  fc.record({ kind: fc.constant('purpose' as const), values: listOf(PURPOSES) }),
  fc.record({
    kind: fc.constant('during' as const),
    fromMs: fc.option(timeMs),
    toMs: fc.option(timeMs),
  }),
);

/** A condition of at most three levels. */
export const condition: fc.Arbitrary<Condition> = fc
  .letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      { weight: 3, arbitrary: leaf },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('all' as const, 'any' as const),
          of: fc.array(tie('node'), { maxLength: 3 }),
        }),
      },
    ),
  }))
  .node.map((value) => structuredClone(value)); // a clone has an ordinary prototype, as values from JSON do

const entry: fc.Arbitrary<Entry> = fc.record({
  effect: fc.constantFrom('allow' as const, 'allow' as const, 'allow' as const, 'deny' as const),
  subject,
  condition: fc.option(condition, { nil: undefined, freq: 2 }),
});

/** The grants of a collection. */
export const grants: fc.Arbitrary<readonly Entry[]> = fc.array(entry, { maxLength: 4 });

/** What is said on a document or a chunk. */
export const override: fc.Arbitrary<Override> = fc.record({
  inherits: fc.constantFrom(true, true, true, false),
  entries: fc.array(entry, { maxLength: 3 }),
  rules: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(condition, { maxLength: 2 })),
});

/** Somebody of one of the tenants. */
export const principal: fc.Arbitrary<Principal> = fc
  .record({
    tenantId: fc.constantFrom(TENANTS[0]!, TENANTS[0]!, TENANTS[0]!, TENANTS[1]!),
    subject: fc.constantFrom(...PEOPLE),
    groups: fc.subarray(GROUPS),
    roles: fc.subarray([...ROLES]),
    attributes: fc.record(
      {
        department: listOf(DEPARTMENTS),
        region: listOf(REGIONS),
        clearance: listOf([...DATA_CLASSES, 'cosmic']),
      },
      { requiredKeys: [] },
    ),
  })
  .map((fields) => ({
    ...fields,
    issuer: 'hradlo',
    displayName: fields.subject,
    authentication: { kind: 'system' as const },
  }));

/** When and why somebody asks. */
export const context: fc.Arbitrary<DecisionContext> = fc.record({
  nowMs: timeMs,
  purpose: fc.option(fc.constantFrom(...PURPOSES), { nil: undefined }),
});

/** Everything that one decision about one chunk rests on: its tenant is always the first. */
export interface AccessCase {
  readonly principal: Principal;
  readonly context: DecisionContext;
  readonly grants: readonly Entry[];
  readonly document: Override | undefined;
  readonly chunk: Override | undefined;
}
export const accessCase: fc.Arbitrary<AccessCase> = fc.record({
  principal,
  context,
  grants,
  document: fc.option(override, { nil: undefined, freq: 3 }),
  chunk: fc.option(override, { nil: undefined, freq: 2 }),
});
