import type { IncomingMessage } from 'node:http';
import { readSessionToken, type CookieSettings } from './cookie.ts';

/** What a request brings to prove who sends it. */
export type Credentials =
  | { readonly kind: 'key'; readonly text: string }
  | { readonly kind: 'session'; readonly token: string; readonly csrfToken: string | undefined }
  | { readonly kind: 'none' };

/** Reads the credentials of a request. A key goes before a cookie: who sends one means it. */
export function readCredentials(request: IncomingMessage, settings: CookieSettings): Credentials {
  const { authorization } = request.headers;
  const [, text] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (text !== undefined) return { kind: 'key', text };
  const token = readSessionToken(request.headers, settings);
  const csrf = request.headers['x-hradlo-csrf'];
  if (token === undefined) return { kind: 'none' };
  return { kind: 'session', token, csrfToken: typeof csrf === 'string' ? csrf : undefined };
}

/** Whether the method changes nothing, so that no proof of intent is asked. */
export function isSafeMethod(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * The address of the client: that of the connection, or behind a proxy of ours the last one that it noted.
 * Earlier entries are the client's own words.
 */
export function addressOf(request: IncomingMessage, isBehindProxy: boolean): string {
  const forwarded = request.headers['x-forwarded-for'];
  const last = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined;
  return (isBehindProxy ? last : undefined) ?? request.socket.remoteAddress ?? 'socket';
}
