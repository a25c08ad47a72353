import type { AuditEvent, TenantId, UserId, SessionId } from '#core/index.ts';
import type { Statement } from '#contracts/index.ts';
import { SESSION_LIFETIME_MS } from '#identity/index.ts';
import { byAccount, newToken, type Browser, type PeopleDeps } from './people-deps.ts';

/** A session that was just made: its token goes into the cookie and is kept nowhere. */
export interface StartedSession {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly token: string;
  readonly expiresAtMs: number;
}

/**
 * Prepares a new session, always under a new id and a new token: what a browser carried before it signed in is
 * worth nothing afterwards. The caller writes what it returns.
 */
export function startSession(
  deps: PeopleDeps,
  account: { readonly tenantId: TenantId; readonly userId: UserId },
  browser: Browser,
  method: 'passphrase' | 'passkey' | 'setup' | 'invitation',
): {
  readonly started: StartedSession;
  readonly statements: readonly Statement[];
  readonly audit: AuditEvent;
} {
  const nowMs = deps.clock.nowMs();
  const sessionId = deps.newId('session');
  const token = newToken(deps);
  const session = {
    ...account,
    ...browser,
    id: sessionId,
    createdAtMs: nowMs,
    lastSeenAtMs: nowMs,
    rotatedAtMs: nowMs,
    expiresAtMs: nowMs + SESSION_LIFETIME_MS,
  };
  return {
    started: { ...account, sessionId, token, expiresAtMs: session.expiresAtMs },
    statements: [
      deps.sessions.create(session, deps.keyedHash.hash('session', token)),
      deps.users.update(account.tenantId, account.userId, { signedInAtMs: nowMs }),
    ],
    audit: byAccount(account, 'session.started', { sessionId, method }, nowMs),
  };
}
