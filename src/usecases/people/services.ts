import {
  AppError,
  expectId,
  type GroupId,
  type Principal,
  type Role,
  type TenantId,
  type UserId,
} from '#core/index.ts';
import type { ApiKey, User } from '#identity/index.ts';
import { checkGroups, checkMayGiveRoles } from './invite.ts';
import { makeKey, type NewKeyRequest } from './keys.ts';
import { byPrincipal, type PeopleDeps } from './people-deps.ts';

export interface NewService {
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly groups: readonly GroupId[];
  readonly attributes: User['attributes'];
}

/**
 * Makes an account for a program: nobody signs in to it, it acts by its keys alone, with the rights that it is given.
 * @throws {AppError} auth.forbidden, input.invalid for unknown groups, conflict.state when the name is taken.
 */
export async function createService(
  deps: PeopleDeps,
  principal: Principal,
  request: NewService,
): Promise<UserId> {
  checkMayGiveRoles(principal, request.roles);
  await checkGroups(deps, principal, request.groups);
  const { tenantId } = principal;
  const id = deps.newId('user');
  const nowMs = deps.clock.nowMs();
  const user = {
    ...request,
    id,
    tenantId,
    kind: 'service' as const,
    passphraseHash: undefined,
    createdAtMs: nowMs,
  };
  await deps.writer.write({
    guards: [deps.users.guardNameFree(tenantId, request.name)],
    statements: deps.users.create(user),
    audit: [byPrincipal(principal, 'service.created', { userId: id, roles: request.roles }, nowMs)],
  });
  return id;
}

/**
 * Makes a key for a program's account. A person makes their own: with a key made by another somebody else could act
 * in their name.
 * @throws {AppError} request.not_found, auth.forbidden for a person's account or one that may do more than oneself.
 */
export async function createServiceKey(
  deps: PeopleDeps,
  principal: Principal,
  { userId, ...request }: NewKeyRequest & { readonly userId: UserId },
): Promise<{ readonly key: ApiKey; readonly text: string }> {
  const user = await findUser(deps, principal.tenantId, userId);
  if (user.kind !== 'service')
    throw new AppError(
      'auth.forbidden',
      'A person makes their own keys, signed in. Make an account for the program.',
    );
  checkMayGiveRoles(principal, user.roles);
  return makeKey(deps, principal, { ...request, userId });
}

/**
 * Takes the second step of somebody's sign-in away, when they lost the device, and ends their sessions. Who may do
 * less cannot do it to who may do more.
 * @throws {AppError} request.not_found, auth.forbidden.
 */
export async function resetTotp(deps: PeopleDeps, principal: Principal, userId: UserId): Promise<void> {
  const user = await findUser(deps, principal.tenantId, userId);
  checkMayGiveRoles(principal, user.roles);
  const { tenantId } = principal;
  const nowMs = deps.clock.nowMs();
  await deps.writer.write({
    statements: [
      deps.users.update(tenantId, userId, { totpSecret: null }),
      deps.sessions.end({ tenantId, userId }, nowMs),
    ],
    audit: [byPrincipal(principal, 'totp.reset', { userId }, nowMs)],
  });
}

async function findUser(deps: PeopleDeps, tenantId: TenantId, userId: UserId): Promise<User> {
  const user = await deps.users.find(tenantId, expectId('user', userId));
  if (user === undefined || user.deactivatedAtMs !== undefined)
    throw new AppError('request.not_found', 'There is no such person or program.');
  return user;
}
