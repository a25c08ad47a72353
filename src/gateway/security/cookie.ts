import type { IncomingHttpHeaders } from 'node:http';

/** How the session cookie is written: under TLS it is bound to this very host and never sent in the clear. */
export interface CookieSettings {
  readonly isSecure: boolean;
}

const nameOf = ({ isSecure }: CookieSettings): string => (isSecure ? '__Host-hradlo' : 'hradlo');
const TOKEN = /^[\w-]{43}$/;

/** The session token that a browser carries; undefined when there is none or it has another shape. */
export function readSessionToken(headers: IncomingHttpHeaders, settings: CookieSettings): string | undefined {
  const prefix = `${nameOf(settings)}=`;
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const values = pairs.filter((pair) => pair.startsWith(prefix)).map((pair) => pair.slice(prefix.length));
  // Two of one name mean that somebody planted one: neither counts.
  const [token, ...others] = values;
  return token !== undefined && others.length === 0 && TOKEN.test(token) ? token : undefined;
}

/** The `set-cookie` of a session; an empty token takes the cookie away. */
export function writeSessionCookie(token: string, maxAgeSeconds: number, settings: CookieSettings): string {
  const secure = settings.isSecure ? '; Secure' : '';
  return `${nameOf(settings)}=${token}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
