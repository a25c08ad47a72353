import { AppError, type Principal, type UserId } from '#core/index.ts';
import {
  checkPassphrase,
  LOCAL_ISSUER,
  totpUri,
  verifyTotp,
  encodeBase32,
  type User,
} from '#identity/index.ts';
import { expectId } from '#core/index.ts';
import { byPrincipal, type PeopleDeps } from './people-deps.ts';

const TOTP_SECRET_BYTES = 20;
const TOTP_ISSUER = 'Hradlo';

/** The account behind a session. @throws {AppError} auth.forbidden for a key, or where nobody has an account. */
export async function ownAccount(deps: PeopleDeps, principal: Principal): Promise<User> {
  if (principal.issuer !== LOCAL_ISSUER || principal.authentication.kind !== 'session')
    throw new AppError('auth.forbidden', 'Sign in for that.');
  const user = await deps.users.find(principal.tenantId, expectId('user', principal.subject));
  if (user === undefined) throw new AppError('auth.required', 'Sign in again.');
  return user;
}

async function checkOwnPassphrase(deps: PeopleDeps, user: User, passphrase: string): Promise<void> {
  const account = `${user.tenantId}/${user.name}`;
  deps.throttle.check(account, 'own-account');
  const known = await deps.users.findCredentials(user.tenantId, user.name);
  if (await deps.passphrases.verify(passphrase, known?.passphraseHash)) return;
  deps.throttle.fail(account, 'own-account');
  throw new AppError('auth.forbidden', 'The passphrase is not right.', { details: { param: 'passphrase' } });
}

/**
 * Changes one's passphrase and ends every other session.
 * @throws {AppError} auth.forbidden when the current one is wrong, input.invalid when the new one is weak.
 */
export async function changePassphrase(
  deps: PeopleDeps,
  principal: Principal,
  request: { readonly current: string; readonly next: string },
): Promise<void> {
  const user = await ownAccount(deps, principal);
  await checkOwnPassphrase(deps, user, request.current);
  checkPassphrase(request.next, user.name);
  const nowMs = deps.clock.nowMs();
  const passphraseHash = await deps.passphrases.hash(request.next);
  const { tenantId, id: userId } = user;
  const others = (await deps.sessions.listOf(tenantId, userId, nowMs)).filter(
    ({ id }) => principal.authentication.kind === 'session' && id !== principal.authentication.sessionId,
  );
  await deps.writer.write({
    statements: [
      deps.users.update(tenantId, userId, { passphraseHash }),
      ...others.map(({ id }) => deps.sessions.end({ tenantId, userId, id }, nowMs)),
    ],
    audit: [byPrincipal(principal, 'passphrase.changed', { sessionsEnded: others.length }, nowMs)],
  });
}

/** A secret for an authenticator program, which counts once a code of it was confirmed. */
export async function offerTotp(
  deps: PeopleDeps,
  principal: Principal,
): Promise<{ readonly secret: string; readonly uri: string; readonly proof: string }> {
  const user = await ownAccount(deps, principal);
  const secret = deps.randomBytes(TOTP_SECRET_BYTES);
  return {
    secret: encodeBase32(secret),
    uri: totpUri(secret, user.name, TOTP_ISSUER),
    // Sealed for this account, so that nothing is kept until it is confirmed and nobody can choose the secret.
    proof: deps.sealer.seal(secret, `offer ${user.id}`),
  };
}

/** @throws {AppError} input.invalid when the code does not fit, auth.forbidden for a wrong passphrase. */
export async function confirmTotp(
  deps: PeopleDeps,
  principal: Principal,
  request: { readonly proof: string; readonly code: string; readonly passphrase: string },
): Promise<void> {
  const user = await ownAccount(deps, principal);
  await checkOwnPassphrase(deps, user, request.passphrase);
  const secret = openOffer(deps, request.proof, user.id);
  const nowMs = deps.clock.nowMs();
  const step = secret && verifyTotp(secret, request.code, { nowMs, lastStep: 0 });
  if (secret === undefined || step === undefined)
    throw new AppError('input.invalid', 'The code does not fit. Is the clock of your device right?', {
      details: { param: 'code' },
    });
  const change = { totpSecret: deps.sealer.seal(secret, user.id), totpLastStep: step };
  await deps.writer.write({
    statements: [deps.users.update(user.tenantId, user.id, change)],
    audit: [byPrincipal(principal, 'totp.enabled', {}, nowMs)],
  });
}

function openOffer(deps: PeopleDeps, proof: string, userId: UserId): Uint8Array | undefined {
  try {
    return deps.sealer.open(proof, `offer ${userId}`);
  } catch {
    // Not sealed here, or for somebody else: the same as a code that does not fit.
    return undefined;
  }
}

/** Takes the second step of one's sign-in away. @throws {AppError} auth.forbidden for a wrong passphrase. */
export async function removeTotp(deps: PeopleDeps, principal: Principal, passphrase: string): Promise<void> {
  const user = await ownAccount(deps, principal);
  await checkOwnPassphrase(deps, user, passphrase);
  await deps.writer.write({
    statements: [deps.users.update(user.tenantId, user.id, { totpSecret: null })],
    audit: [byPrincipal(principal, 'totp.removed', {}, deps.clock.nowMs())],
  });
}
