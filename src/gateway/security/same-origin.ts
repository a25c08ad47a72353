import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AppError } from '#core/index.ts';

/** From where requests are taken. */
export interface OriginSettings {
  /** Names besides `localhost` and plain addresses under which this server is reached. */
  readonly hosts: readonly string[];
}

/** Name and port of a Host header; undefined when it is malformed. */
function splitHost(host: string): { readonly name: string; readonly isAddress: boolean } | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host);
  const name = (match?.[1] ?? match?.[2] ?? '').toLowerCase().replace(/\.$/, '');
  return match === null ? undefined : { name, isAddress: isIP(name) !== 0 };
}

/**
 * Refuses a request that names a host that is not ours. A page of another name whose address was rebound to
 * this machine sends that name; an address cannot be rebound, so plain addresses pass.
 * @throws {AppError} host.refused
 */
export function checkHost({ headers }: IncomingMessage, { hosts }: OriginSettings): void {
  const host = splitHost(headers.host ?? '');
  if (host !== undefined && (host.isAddress || host.name === 'localhost' || hosts.includes(host.name)))
    return;
  throw new AppError(
    'host.refused',
    'This server does not answer under that name. Its administrator may add it with --http.hosts.',
  );
}

/**
 * Refuses a request that a page of another site made. Programs send neither header; browsers send one of them
 * with everything but a plain visit.
 * @throws {AppError} origin.refused
 */
export function checkOrigin({ headers, method, url }: IncomingMessage): void {
  const { origin } = headers;
  const isForeign = origin !== undefined && hostOf(origin) !== headers.host?.toLowerCase();
  const site = headers['sec-fetch-site'];
  const isCrossSite = site === 'cross-site' || site === 'same-site';
  // A link on another site may lead to the page; it may not call an interface.
  const isVisit =
    headers['sec-fetch-mode'] === 'navigate' &&
    method === 'GET' &&
    !/^\/(v1|api|hradlo|admin)\//.test(url ?? '');
  if (isForeign || (isCrossSite && !isVisit))
    throw new AppError('origin.refused', 'This request came from the page of another site.');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}
