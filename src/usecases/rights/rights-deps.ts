import type { Clock, RetrievalIndex, Writer } from '#contracts/index.ts';
import { AppError, hasPermission, type CollectionId, type Principal } from '#core/index.ts';
import type { AccessFilters, AccessStore, GroupStore, UserStore } from '#identity/index.ts';
import type { AccessAssignmentStore } from '#rag/index.ts';

/** What the use cases about rights are handed. */
export interface RightsDeps {
  readonly writer: Writer;
  readonly access: AccessStore;
  readonly accessFilters: AccessFilters;
  readonly assignments: AccessAssignmentStore;
  readonly users: UserStore;
  readonly groups: GroupStore;
  readonly index: RetrievalIndex;
  readonly clock: Clock;
}

/**
 * Whether the principal may manage the rights of a collection: an administrator those of every collection of
 * the tenant, a collection owner those of collections that they may read. Auditors see those of all and change
 * none: their role lacks the permission.
 */
export async function mayManage(
  deps: Pick<RightsDeps, 'accessFilters' | 'access'>,
  principal: Principal,
  collectionId: CollectionId,
): Promise<boolean> {
  const mayAll = hasPermission(principal, 'people.manage') || hasPermission(principal, 'audit.read');
  const known = mayAll
    ? await deps.access.collectionNames(principal.tenantId)
    : await deps.accessFilters.readableCollections(principal);
  return [...known.values()].includes(collectionId);
}

/**
 * A collection of another tenant, one that does not exist and one that they may not manage look alike.
 * @throws {AppError} collection.not_found
 */
export async function checkMayManage(
  deps: Pick<RightsDeps, 'accessFilters' | 'access'>,
  principal: Principal,
  collectionId: CollectionId,
): Promise<void> {
  if (!(await mayManage(deps, principal, collectionId)))
    throw new AppError('collection.not_found', 'There is no such collection.');
}
