import { createHash } from 'node:crypto';
import { canonicalJson, expectDigest, type CollectionId, type Digest, type Json } from '#core/index.ts';
import { canonicalCondition, conditionText, type Condition } from './condition.ts';
import type { Subject } from './subject.ts';

/** Allows or denies a subject, as long as its condition holds. */
export interface Entry {
  readonly effect: 'allow' | 'deny';
  readonly subject: Subject;
  readonly condition: Condition | undefined;
}

/**
 * What an override on a document or a chunk says. `inherits: false` drops what was allowed further up; what was
 * denied further up, and every rule, stays: an override can share more, it cannot undo a prohibition.
 */
export interface Override {
  readonly inherits: boolean;
  readonly entries: readonly Entry[];
  /** Attribute rules that all must hold for anyone. */
  readonly rules: readonly Condition[];
}

/**
 * The policy of an access set. The collection's grants are not in it: they are looked up when it is judged, so
 * that a change of them acts on the next query and touches no chunk.
 */
export interface AclPolicy {
  readonly collectionId: CollectionId;
  readonly inherits: boolean;
  readonly entries: readonly Entry[];
  readonly rules: readonly Condition[];
}

/** The policy of everything in a collection that has no override. */
export function basePolicy(collectionId: CollectionId): AclPolicy {
  return { collectionId, inherits: true, entries: [], rules: [] };
}

/** Lays an override over a policy: that of a document over its collection's, that of a chunk over its document's. */
export function overlay(policy: AclPolicy, override: Override): AclPolicy {
  const kept = override.inherits ? policy.entries : policy.entries.filter(({ effect }) => effect === 'deny');
  return canonicalPolicy({
    collectionId: policy.collectionId,
    inherits: policy.inherits && override.inherits,
    entries: [...kept, ...override.entries],
    rules: [...policy.rules, ...override.rules],
  });
}

/** The same policy in one spelling: equal policies have equal bytes and so share one access set. */
export function canonicalPolicy(policy: AclPolicy): AclPolicy {
  const rule = canonicalCondition({ kind: 'all', of: policy.rules });
  return {
    collectionId: policy.collectionId,
    inherits: policy.inherits,
    entries: canonicalEntries(policy.entries),
    rules: rule.kind === 'all' ? rule.of : [rule],
  };
}

function canonicalEntries(entries: readonly Entry[]): readonly Entry[] {
  const unique = new Map(
    entries.map(canonicalEntry).map((entry) => [canonicalJson(entryJson(entry)), entry] as const),
  );
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function canonicalEntry(entry: Entry): Entry {
  const condition = entry.condition && canonicalCondition(entry.condition);
  // An empty `all` always holds: the same as no condition.
  const isTrivial = condition?.kind === 'all' && condition.of.length === 0;
  return { effect: entry.effect, subject: entry.subject, condition: isTrivial ? undefined : condition };
}

function entryJson(entry: Entry): Json {
  const base = { effect: entry.effect, subject: entry.subject };
  return entry.condition === undefined
    ? base
    : { ...base, condition: JSON.parse(conditionText(entry.condition)) };
}

/** The text that an access set is stored as and its digest is taken of. */
export function encodePolicy(policy: AclPolicy): string {
  const canonical = canonicalPolicy(policy);
  return canonicalJson({
    collectionId: canonical.collectionId,
    inherits: canonical.inherits,
    entries: canonical.entries.map(entryJson),
    rules: canonical.rules.map((rule): Json => JSON.parse(conditionText(rule))),
  });
}

/** Digest of the canonical text: the key by which equal policies find their set. */
export function policyDigest(policy: AclPolicy): Digest {
  return expectDigest(`sha256:${createHash('sha256').update(encodePolicy(policy)).digest('hex')}`);
}
