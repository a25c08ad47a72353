import { AppError, type Principal } from '#core/index.ts';
import {
  readNewPasskey,
  verifyPasskey,
  type OwnedPasskey,
  type PasskeyAssertion,
  type PasskeyChallenges,
  type PasskeyContext,
  type PasskeyStore,
} from '#identity/index.ts';
import { ownAccount } from './own-account.ts';
import { byPrincipal, type Browser, type PeopleDeps } from './people-deps.ts';
import { startSession, type StartedSession } from './start-session.ts';

export interface PasskeyDeps extends PeopleDeps {
  readonly passkeys: PasskeyStore;
  readonly challenges: PasskeyChallenges;
}

/** The page from which a browser asks. */
export type PasskeyPage = Omit<PasskeyContext, 'challenge'>;

const SIGN_IN = 'sign-in';
const MAX_PASSKEYS = 20;

/** What the browser needs to make a passkey for one's account. @throws {AppError} auth.forbidden */
export async function offerPasskey(deps: PasskeyDeps, principal: Principal) {
  const user = await ownAccount(deps, principal);
  const known = await deps.passkeys.listOf(user.tenantId, user.id);
  return {
    challenge: deps.challenges.issue(user.id),
    user: { id: Buffer.from(user.id).toString('base64url'), name: user.name, displayName: user.displayName },
    known: known.map(({ credentialId }) => credentialId),
  };
}

/**
 * Adds a passkey to one's account.
 * @throws {AppError} auth.required when it does not fit, conflict.state when it is known or there are too many.
 */
export async function addPasskey(
  deps: PasskeyDeps,
  principal: Principal,
  request: {
    readonly name: string;
    readonly challenge: string;
    readonly clientData: string;
    readonly attestation: string;
    readonly page: PasskeyPage;
  },
): Promise<OwnedPasskey> {
  const user = await ownAccount(deps, principal);
  if (!deps.challenges.take(request.challenge, user.id))
    throw new AppError('auth.required', 'This took too long. Try again.');
  const made = readNewPasskey(request, { ...request.page, challenge: request.challenge });
  const own = await deps.passkeys.listOf(user.tenantId, user.id);
  if (own.length >= MAX_PASSKEYS || (await deps.passkeys.find(made.credentialId)) !== undefined)
    throw new AppError('conflict.state', 'This passkey is known already, or there are too many.');
  const nowMs = deps.clock.nowMs();
  const passkey: OwnedPasskey = {
    ...made,
    tenantId: user.tenantId,
    userId: user.id,
    name: request.name,
    createdAtMs: nowMs,
    lastUsedAtMs: undefined,
  };
  await deps.writer.write({
    statements: [deps.passkeys.create(passkey)],
    audit: [byPrincipal(principal, 'passkey.added', { credentialId: made.credentialId }, nowMs)],
  });
  return passkey;
}

/** Takes one of one's passkeys away. @throws {AppError} request.not_found */
export async function removePasskey(
  deps: PasskeyDeps,
  principal: Principal,
  credentialId: string,
): Promise<void> {
  const user = await ownAccount(deps, principal);
  const own = await deps.passkeys.listOf(user.tenantId, user.id);
  if (!own.some((passkey) => passkey.credentialId === credentialId))
    throw new AppError('request.not_found', 'There is no such passkey.');
  await deps.writer.write({
    statements: [deps.passkeys.remove(user.tenantId, user.id, credentialId)],
    audit: [byPrincipal(principal, 'passkey.removed', { credentialId }, deps.clock.nowMs())],
  });
}

/** A challenge for whoever comes to sign in. */
export function beginPasskeySignIn(deps: PasskeyDeps): string {
  return deps.challenges.issue(SIGN_IN);
}

/**
 * Signs in with a passkey: it knows who one is, and that the person was verified, so nothing else is asked.
 * @throws {AppError} auth.required for anything that does not fit, alike on purpose.
 */
export async function signInWithPasskey(
  deps: PasskeyDeps,
  request: PasskeyAssertion & {
    readonly challenge: string;
    readonly page: PasskeyPage;
    readonly browser: Browser;
  },
): Promise<StartedSession> {
  const refused = new AppError('auth.required', 'The passkey does not fit.');
  if (!deps.challenges.take(request.challenge, SIGN_IN)) throw refused;
  const passkey = await deps.passkeys.find(request.credentialId);
  if (passkey === undefined) throw refused;
  const signCount = verifyPasskey(passkey, request, { ...request.page, challenge: request.challenge });
  const user = await deps.users.find(passkey.tenantId, passkey.userId);
  if (user === undefined || user.deactivatedAtMs !== undefined) throw refused;
  const { started, statements, audit } = startSession(deps, passkey, request.browser, 'passkey');
  await deps.writer.write({
    statements: [...statements, deps.passkeys.touch(passkey.credentialId, signCount, deps.clock.nowMs())],
    audit: [audit],
  });
  return started;
}
