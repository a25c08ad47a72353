import ipaddr from 'ipaddr.js';

/** Where a connection may lead. */
export type Destination =
  /** The open internet: every special range is refused. */
  | { readonly kind: 'public' }
  /** Places that an administrator named; they may be in private networks, or on this machine. */
  | { readonly kind: 'named'; readonly origins: ReadonlySet<string> };

// Metadata services of clouds live there; no engine does.
const NEVER = new Set(['linkLocal', 'multicast', 'broadcast', 'unspecified', 'reserved']);

function rangeOf(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const unmapped =
    parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
  return unmapped.range();
}

/** Whether a connection to this numeric address may be made. What cannot be read is refused. */
export function isPermittedAddress(address: string, destination: Destination): boolean {
  const range = rangeOf(address);
  if (range === undefined) return false;
  return destination.kind === 'public' ? range === 'unicast' : !NEVER.has(range);
}

/** Whether a URL may be asked at all, before any name is resolved. */
export function isPermittedUrl(url: URL, destination: Destination): boolean {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  if (url.username !== '' || url.password !== '') return false;
  return destination.kind === 'public' ? url.protocol === 'https:' : destination.origins.has(url.origin);
}
