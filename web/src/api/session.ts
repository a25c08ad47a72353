import { useSyncExternalStore } from 'react';
import type { SessionResponse } from '#wire/hradlo/index.ts';
import { SessionResponse as SessionShape } from '#wire/hradlo/index.ts';
import { onApiError, send, sendJson, setCsrfToken } from './client.ts';

export type Session = SessionResponse;
export type Permission = NonNullable<Session['person']>['permissions'][number];

declare global {
  /** What `first.js` asked for before the page's own code was there. */
  var hradloSession: Promise<unknown> | undefined;
}

const SIGNED_OUT: Session = { state: 'signed-out', person: null, csrfToken: null };

let session: Session = SIGNED_OUT;
/** Whether a session that was there has ended by itself: signing in again goes on where one was. */
let hasExpired = false;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function set(next: Session): void {
  session = next;
  hasExpired = false;
  setCsrfToken(next.csrfToken ?? undefined);
  tell();
}

/** Learns who is here; before the first render. */
export async function startSession(): Promise<void> {
  const early = await globalThis.hradloSession?.catch(() => undefined);
  const parsed = SessionShape.safeParse(early);
  set(
    parsed.success ? parsed.data : await sendJson(SessionShape, '/hradlo/v1/session').catch(() => SIGNED_OUT),
  );
  onApiError((error) => {
    if (error.code !== 'auth.required' || session.state === 'signed-out') return;
    hasExpired = true;
    tell();
  });
}

/** Begins a session: by passphrase, by the link of the first start, or by an invitation. */
export async function beginSession(
  path: '/hradlo/v1/session' | '/hradlo/v1/set-up' | '/hradlo/v1/invitation',
  body: object,
): Promise<void> {
  set(await sendJson(SessionShape, path, { method: 'POST', body }));
}

export async function signOut(): Promise<void> {
  await send('/hradlo/v1/session', { method: 'DELETE' });
  set(SIGNED_OUT);
}

export function getSession(): Session {
  return session;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, getSession);
}

export function useHasExpired(): boolean {
  return useSyncExternalStore(subscribe, () => hasExpired);
}

/** Whether the reader may do this. Only what is shown depends on it: the server decides. */
export function useMay(permission: Permission): boolean {
  return useSession().person?.permissions.includes(permission) ?? false;
}
