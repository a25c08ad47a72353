import type { Clock, RetrievalIndex, Writer } from '#contracts/index.ts';
import type { AccessMoves } from './access-moves.ts';
import { AppError, hasPermission, type CollectionId, type Principal } from '#core/index.ts';
import {
  subjectsOf,
  type AccessFilters,
  type AccessStore,
  type GroupStore,
  type OwnerStore,
  type UserStore,
} from '#identity/index.ts';
import type { AccessAssignmentStore } from '#rag/index.ts';

/** What the use cases about rights are handed. */
export interface RightsDeps {
  readonly writer: Writer;
  readonly access: AccessStore;
  readonly owners: OwnerStore;
  readonly accessFilters: AccessFilters;
  readonly assignments: AccessAssignmentStore;
  readonly users: UserStore;
  readonly groups: GroupStore;
  readonly index: RetrievalIndex;
  readonly moves: AccessMoves;
  readonly clock: Clock;
}

/**
 * Collections whose rights and documents the principal may manage: an administrator every one of the tenant, a
 * collection owner those that they own. Auditors see the rights of all and change none: their role lacks the
 * permission. A key that is held to some collections manages no others.
 */
export async function manageableCollections(
  deps: Pick<RightsDeps, 'access' | 'owners'>,
  principal: Principal,
): Promise<ReadonlyMap<string, CollectionId>> {
  const { tenantId, authentication } = principal;
  const all = await deps.access.collectionNames(tenantId);
  const mayAll = hasPermission(principal, 'people.manage') || hasPermission(principal, 'audit.read');
  const owned = mayAll ? undefined : await deps.owners.listOwned(tenantId, subjectsOf(principal));
  const scope = authentication.kind === 'api-key' ? authentication.scope?.collections : undefined;
  return new Map([...all].filter(([, id]) => (owned?.has(id) ?? true) && (scope?.includes(id) ?? true)));
}

/** Whether the principal may manage the rights and documents of a collection. */
export async function mayManage(
  deps: Pick<RightsDeps, 'access' | 'owners'>,
  principal: Principal,
  collectionId: CollectionId,
): Promise<boolean> {
  return [...(await manageableCollections(deps, principal)).values()].includes(collectionId);
}

/**
 * A collection of another tenant, one that does not exist and one that they may not manage look alike.
 * @throws {AppError} collection.not_found
 */
export async function checkMayManage(
  deps: Pick<RightsDeps, 'access' | 'owners'>,
  principal: Principal,
  collectionId: CollectionId,
): Promise<void> {
  if (!(await mayManage(deps, principal, collectionId)))
    throw new AppError('collection.not_found', 'There is no such collection.');
}
