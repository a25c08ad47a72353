import {
  AppError,
  ROLE_PERMISSIONS,
  hasPermission,
  type GroupId,
  type Principal,
  type Role,
} from '#core/index.ts';
import { checkPassphrase, foldUserName } from '#identity/index.ts';
import { byAccount, byPrincipal, newToken, type Browser, type PeopleDeps } from './people-deps.ts';
import { startSession, type StartedSession } from './start-session.ts';

export interface InviteRequest {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly groups: readonly GroupId[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60_000;

/** @throws {AppError} auth.forbidden when a role carries a permission that the giver does not have. */
export function checkMayGiveRoles(principal: Principal, roles: readonly Role[]): void {
  const beyond = roles.find((role) =>
    ROLE_PERMISSIONS[role].some((permission) => !hasPermission(principal, permission)),
  );
  if (beyond !== undefined)
    throw new AppError('auth.forbidden', `You may not give the role "${beyond}": it may do more than you.`);
}

/**
 * Invites a person under a name. Returns the secret of the link, which is shown once.
 * @throws {AppError} auth.forbidden, input.invalid for unknown groups, conflict.state when the name is taken.
 */
export async function invite(
  deps: PeopleDeps,
  principal: Principal,
  request: InviteRequest,
): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
  checkMayGiveRoles(principal, request.roles);
  await checkGroups(deps, principal, request.groups);
  const { tenantId } = principal;
  const nowMs = deps.clock.nowMs();
  const token = newToken(deps);
  const name = foldUserName(request.name);
  const expiresAtMs = nowMs + INVITATION_LIFETIME_MS;
  const invitation = { ...request, name, tenantId, createdAtMs: nowMs, expiresAtMs };
  await deps.writer.write({
    guards: [deps.users.guardNameFree(tenantId, name)],
    // A second invitation under the same name takes the place of the first.
    statements: [
      deps.invitations.withdraw(tenantId, name, nowMs),
      deps.invitations.create(invitation, deps.keyedHash.hash('invitation', token)),
    ],
    audit: [
      byPrincipal(principal, 'person.invited', { roles: request.roles, groups: request.groups }, nowMs),
    ],
  });
  return { token, expiresAtMs };
}

/** @throws {AppError} input.invalid when one of these groups does not exist in the tenant. */
export async function checkGroups(
  deps: PeopleDeps,
  { tenantId }: Principal,
  groups: readonly GroupId[],
): Promise<void> {
  if (groups.length === 0) return;
  const known = new Set((await deps.groups.list(tenantId)).map(({ id }) => id));
  const missing = groups.find((id) => !known.has(id));
  if (missing !== undefined)
    throw new AppError('input.invalid', `There is no group ${missing}.`, { details: { group: missing } });
}

export interface AcceptRequest {
  readonly token: string;
  readonly displayName: string;
  readonly passphrase: string;
  readonly browser: Browser;
}

/**
 * Makes the account of an invited person and signs them in.
 * @throws {AppError} auth.required for an invitation that is unknown, used or over; input.invalid.
 */
export async function acceptInvitation(deps: PeopleDeps, request: AcceptRequest): Promise<StartedSession> {
  const nowMs = deps.clock.nowMs();
  const tokenHash = deps.keyedHash.hash('invitation', request.token);
  const invitation = await deps.invitations.find(tokenHash, nowMs);
  if (invitation === undefined)
    throw new AppError('auth.required', 'This invitation was used or is over. Ask for a new one.');
  checkPassphrase(request.passphrase, invitation.name);
  const userId = deps.newId('user');
  const account = { tenantId: invitation.tenantId, userId };
  const { started, statements, audit } = startSession(deps, account, request.browser, 'invitation');
  const user = {
    ...invitation,
    id: userId,
    kind: 'person' as const,
    displayName: request.displayName,
    passphraseHash: await deps.passphrases.hash(request.passphrase),
    createdAtMs: nowMs,
  };
  await deps.writer.write({
    guards: [
      deps.invitations.guardUnused(tokenHash, nowMs),
      deps.users.guardNameFree(invitation.tenantId, invitation.name),
    ],
    statements: [deps.invitations.use(tokenHash, nowMs), ...deps.users.create(user), ...statements],
    audit: [byAccount(account, 'person.created', { userId, roles: invitation.roles }, nowMs), audit],
  });
  return started;
}
