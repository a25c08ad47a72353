import type { Clock, Statement } from '#contracts/index.ts';
import { AppError, type AuditEvent, type Principal, type SessionId, type TenantId } from '#core/index.ts';
import { parseApiKeyText } from '../credentials/api-key-text.ts';
import type { KeyedHash } from '../credentials/keyed-hash.ts';
import { isFrom } from './address.ts';
import type { ApiKey, ApiKeyStore } from './api-key-store.ts';
import { toPrincipal } from './principal.ts';
import type { FoundSession, SessionStore } from './session-store.ts';
import type { UserStore } from './user-store.ts';

export interface AuthenticationDeps {
  readonly users: UserStore;
  readonly keys: ApiKeyStore;
  readonly sessions: SessionStore;
  readonly keyedHash: KeyedHash;
  readonly clock: Clock;
  newToken(): string;
  /** Writes what need not be waited for: when something was last used, what was refused. */
  writeLater(statements: readonly Statement[], audit: readonly AuditEvent[]): void;
  write(unit: {
    readonly statements: readonly Statement[];
    readonly audit: readonly AuditEvent[];
  }): Promise<{ readonly changes: readonly number[] }>;
}

/** A browser that is signed in, and the token it should carry from now on, when it should change it. */
export interface SignedIn {
  readonly principal: Principal;
  readonly sessionId: SessionId;
  readonly freshToken: string | undefined;
}

const TOUCH_INTERVAL_MS = 60_000;
/** A session that was not used for so long is over. */
export const SESSION_IDLE_MS = 12 * 60 * 60_000;
/** And after so long in any case. */
export const SESSION_LIFETIME_MS = 7 * 24 * 60 * 60_000;
const ROTATE_AFTER_MS = 60 * 60_000;
// Requests that were under way when the token changed still carry the old one.
const ROTATION_GRACE_MS = 60_000;

/** One answer for every reason: a guesser learns nothing. */
function refused(): AppError {
  return new AppError('auth.required', 'Sign in, or send a valid API key.');
}

/**
 * Who holds this key.
 * @param address where the request comes from, as a textual IP address.
 * @throws {AppError} auth.required for a key that is malformed, unknown, wrong, revoked, expired, used from
 * elsewhere or whose owner was deactivated, alike on purpose.
 */
export async function authenticateKey(
  deps: AuthenticationDeps,
  text: string,
  address: string,
): Promise<Principal> {
  const parsed = parseApiKeyText(text);
  if (parsed === undefined) throw refused();
  const key = await deps.keys.find(parsed.keyId);
  // Compared also for an unknown key, so that time does not tell which ids exist.
  const isRight = deps.keyedHash.matches('api-key', parsed.secret, key?.secretHash ?? '0'.repeat(64));
  if (key === undefined || !isRight) throw refused();
  const nowMs = deps.clock.nowMs();
  const fault = faultOf(key, address, nowMs);
  const user = fault === undefined ? await deps.users.find(key.tenantId, key.userId) : undefined;
  if (user === undefined || user.deactivatedAtMs !== undefined) {
    deps.writeLater([], [refusedKey(key, fault ?? 'owner', nowMs)]);
    throw refused();
  }
  if (nowMs - (key.lastUsedAtMs ?? 0) > TOUCH_INTERVAL_MS)
    deps.writeLater([deps.keys.touch(key.id, nowMs)], []);
  return toPrincipal(user, { kind: 'api-key', keyId: key.id, scope: key.scope });
}

function faultOf(key: ApiKey, address: string, nowMs: number): string | undefined {
  if (key.revokedAtMs !== undefined) return 'revoked';
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) return 'expired';
  return isFrom(address, key.addresses) ? undefined : 'address';
}

function refusedKey(key: ApiKey, reason: string, atMs: number): AuditEvent {
  const { id, tenantId } = key;
  const actor = { issuer: 'hradlo', subject: key.userId };
  return { kind: 'key.refused', tenantId, actor, atMs, fields: { keyId: id, reason } };
}

/**
 * Who this browser is. An hour after the last change its token is replaced; the old one holds until the new
 * one was seen and a minute passed, so that neither parallel requests nor a lost reply end a session.
 * @throws {AppError} auth.required for a token that is unknown, or whose session or account is over.
 */
export async function authenticateSession(deps: AuthenticationDeps, token: string): Promise<SignedIn> {
  const hash = deps.keyedHash.hash('session', token);
  const session = await deps.sessions.findByTokenHash(hash);
  const nowMs = deps.clock.nowMs();
  if (session === undefined || isOver(session, nowMs)) throw refused();
  const user = await deps.users.find(session.tenantId, session.userId);
  if (user === undefined || user.deactivatedAtMs !== undefined) throw refused();
  return {
    principal: toPrincipal(user, { kind: 'session', sessionId: session.id }),
    sessionId: session.id,
    freshToken: await refresh(deps, session, { hash, nowMs }),
  };
}

/** Whether a session ended by idleness or by age. */
export function isOver(
  session: { readonly lastSeenAtMs: number; readonly expiresAtMs: number },
  nowMs: number,
): boolean {
  return nowMs >= session.expiresAtMs || nowMs - session.lastSeenAtMs >= SESSION_IDLE_MS;
}

async function refresh(
  deps: AuthenticationDeps,
  session: FoundSession,
  { hash, nowMs }: { readonly hash: string; readonly nowMs: number },
): Promise<string | undefined> {
  const sinceRotationMs = nowMs - session.rotatedAtMs;
  const isDue = session.isPrevious ? sinceRotationMs > ROTATION_GRACE_MS : sinceRotationMs > ROTATE_AFTER_MS;
  if (isDue) {
    const fresh = deps.newToken();
    const statement = deps.sessions.rotate(session.id, hash, {
      freshHash: deps.keyedHash.hash('session', fresh),
      nowMs,
      seenRotatedAtMs: session.rotatedAtMs,
    });
    const { changes } = await deps.write({ statements: [statement], audit: [] });
    // Another request of the same browser was faster: it carries the new token.
    return changes[0] === 1 ? fresh : undefined;
  }
  if (session.isPrevious) return undefined;
  const isConfirmed = session.hasPrevious && sinceRotationMs > ROTATION_GRACE_MS;
  if (isConfirmed || nowMs - session.lastSeenAtMs > TOUCH_INTERVAL_MS)
    deps.writeLater([deps.sessions.touch(session.id, nowMs, isConfirmed)], []);
  return undefined;
}

/** What a form of this session must send along, so that another site cannot make the browser send it. */
export function csrfToken(keyedHash: KeyedHash, tenantId: TenantId, sessionId: SessionId): string {
  return keyedHash.hash('csrf', `${tenantId}/${sessionId}`);
}
