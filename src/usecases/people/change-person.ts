import { AppError, type GroupId, type Principal, type Role, type UserId } from '#core/index.ts';
import type { Guard, Statement } from '#contracts/index.ts';
import { type User } from '#identity/index.ts';
import { checkGroups, checkMayGiveRoles } from './invite.ts';
import { byPrincipal, type PeopleDeps } from './people-deps.ts';

/** What is to be different; what is undefined stays. */
export interface PersonChange {
  readonly displayName?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly groups?: readonly GroupId[] | undefined;
  readonly attributes?: User['attributes'] | undefined;
  readonly isActive?: boolean | undefined;
}

/**
 * Changes a person of one's own tenant. Deactivation ends their sessions and disables their keys at once.
 * @throws {AppError} request.not_found, auth.forbidden, input.invalid, conflict.state for the last administrator.
 */
export async function changePerson(
  deps: PeopleDeps,
  principal: Principal,
  request: { readonly userId: UserId; readonly change: PersonChange },
): Promise<void> {
  const { userId, change } = request;
  const { tenantId } = principal;
  const person = await deps.users.find(tenantId, userId);
  if (person === undefined) throw new AppError('request.not_found', 'There is no such person.');
  // Also the roles they have: who may do less cannot take an account away from who may do more.
  checkMayGiveRoles(principal, [...person.roles, ...(change.roles ?? [])]);
  await checkGroups(deps, principal, change.groups ?? []);
  const nowMs = deps.clock.nowMs();
  await deps.writer.write({
    guards: guardsOf(deps, person, change),
    statements: statementsOf(deps, person, change, nowMs),
    audit: [
      byPrincipal(
        principal,
        'person.changed',
        {
          userId,
          ...(change.roles && { roles: change.roles }),
          ...(change.groups && { groups: change.groups }),
          ...(change.attributes && { attributes: Object.keys(change.attributes) }),
          ...(change.isActive !== undefined && { isActive: change.isActive }),
        },
        nowMs,
      ),
    ],
  });
}

function guardsOf(deps: PeopleDeps, person: User, change: PersonChange): Guard[] {
  const losesIt =
    person.roles.includes('administrator') &&
    (change.isActive === false || change.roles?.includes('administrator') === false);
  return losesIt ? [deps.users.guardOtherAdministrator(person.tenantId, person.id)] : [];
}

function statementsOf(deps: PeopleDeps, person: User, change: PersonChange, nowMs: number): Statement[] {
  const { tenantId, id } = person;
  const statements: Statement[] = [];
  const { displayName, attributes, isActive } = change;
  if (displayName !== undefined || attributes !== undefined || isActive !== undefined) {
    const deactivatedAtMs = isActive === undefined ? undefined : isActive ? null : nowMs;
    statements.push(deps.users.update(tenantId, id, { displayName, attributes, deactivatedAtMs }));
  }
  if (change.roles)
    statements.push(...deps.users.memberships.setRoles({ tenantId, userId: id }, change.roles, nowMs));
  if (change.groups)
    statements.push(...deps.users.memberships.setGroups({ tenantId, userId: id }, change.groups, nowMs));
  if (isActive === false) statements.push(deps.sessions.end({ tenantId, userId: id }, nowMs));
  return statements;
}
