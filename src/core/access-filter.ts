import type { AclSetId, CollectionId, TenantId } from './ids.ts';

declare const proof: unique symbol;

/**
 * Proof of what one principal may read, and the only way to a chunk. Made by the identity module alone
 * (a test of the layers sees to it); everything that reads chunks, documents or their counts takes one.
 * `aclSets` are the access sets whose policy allows the principal at `decidedAtMs`; empty allows nothing.
 */
export interface AccessFilter {
  readonly [proof]: true;
  readonly tenantId: TenantId;
  readonly aclSets: ReadonlySet<AclSetId>;
  /** Narrows to these collections; undefined means every readable one. */
  readonly collections: ReadonlySet<CollectionId> | undefined;
  /** Digest of tenant and sets: equal fingerprints read the same chunks. Part of every cache key. */
  readonly fingerprint: string;
  readonly decidedAtMs: number;
}

type AccessFilterFields = Omit<AccessFilter, typeof proof>;
const made = new WeakSet<object>();

function isMade(fields: AccessFilterFields): fields is AccessFilter {
  made.add(Object.freeze(fields));
  return true;
}

/** Turns a decision into the proof. Only the identity module and tests may call it. */
export function mintAccessFilter(fields: AccessFilterFields): AccessFilter {
  const copy = { ...fields };
  if (!isMade(copy)) throw new TypeError('unreachable');
  return copy;
}

/** Whether `filter` was minted here, not assembled by hand: checked where text leaves the store. */
export function isMinted(filter: AccessFilter): boolean {
  return made.has(filter);
}

/** Whether a chunk with this access set in this collection is readable under `filter`. */
export function mayRead(filter: AccessFilter, aclSet: AclSetId, collection: CollectionId): boolean {
  return (
    filter.aclSets.has(aclSet) && (filter.collections === undefined || filter.collections.has(collection))
  );
}
