import { AppError, type GroupId, type Principal } from '#core/index.ts';
import { byPrincipal, type PeopleDeps } from './people-deps.ts';

/** Makes a group. @throws {AppError} conflict.state when the name is taken. */
export async function createGroup(deps: PeopleDeps, principal: Principal, name: string): Promise<GroupId> {
  const { tenantId } = principal;
  const nowMs = deps.clock.nowMs();
  const id = deps.newId('group');
  await deps.writer.write({
    guards: [deps.groups.guardNameFree(tenantId, name)],
    statements: [deps.groups.create({ tenantId, id, name, createdAtMs: nowMs })],
    audit: [byPrincipal(principal, 'group.created', { groupId: id }, nowMs)],
  });
  return id;
}

/**
 * Takes a group away with its memberships and the grants that name it.
 * @throws {AppError} request.not_found.
 */
export async function removeGroup(deps: PeopleDeps, principal: Principal, id: GroupId): Promise<void> {
  const { tenantId } = principal;
  const known = await deps.groups.list(tenantId);
  if (!known.some((group) => group.id === id))
    throw new AppError('request.not_found', 'There is no such group.');
  await deps.writer.write({
    statements: deps.groups.remove(tenantId, id),
    audit: [byPrincipal(principal, 'group.removed', { groupId: id }, deps.clock.nowMs())],
  });
}
