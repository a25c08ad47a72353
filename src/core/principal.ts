import type { ApiKeyId, CollectionId, SessionId, TenantId } from './ids.ts';
import type { Permission } from './permission.ts';

/** What a person may do, apart from what they may read. */
export const ROLES = [
  /** Runs the installation; of tenants it sees names and sums, not texts. */
  'platform-administrator',
  'administrator',
  'operator',
  'collection-owner',
  'user',
  'auditor',
  'developer',
] as const;
export type Role = (typeof ROLES)[number];

/** What an API key narrows its owner to; what is not named stays as wide as the owner's own reach. */
export interface KeyScope {
  readonly permissions?: readonly Permission[];
  readonly collections?: readonly CollectionId[];
  readonly models?: readonly string[];
}

/** How a principal proved who they are. */
export type Authentication =
  | { readonly kind: 'session'; readonly sessionId: SessionId }
  | { readonly kind: 'api-key'; readonly keyId: ApiKeyId; readonly scope?: KeyScope }
  /** A process on this machine that could open the socket in the data folder. */
  | { readonly kind: 'local-socket' }
  /** Nobody signed in; only while the product has no users and listens on loopback. */
  | { readonly kind: 'loopback' }
  /** Nobody in particular, on a route that asks nothing. */
  | { readonly kind: 'anonymous' }
  /** The product itself: jobs and start-up. */
  | { readonly kind: 'system' };

/**
 * Who asks. Identified by (issuer, subject), so that an outside identity provider only adds issuers. Attributes
 * are what attribute rules read: department, clearance, region. Immutable for the length of a request.
 */
export interface Principal {
  readonly tenantId: TenantId;
  readonly issuer: string;
  readonly subject: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  readonly roles: readonly Role[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly authentication: Authentication;
  /** Why they want to read, as this request states it; undefined when it does not. */
  readonly purpose?: string;
}

/** A purpose is a label, not a text: `audit`, `payroll-2026`. */
export const PURPOSE = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;

/** The one spelling of a principal in access sets, audit events and keys of caches. */
export function principalKey(principal: Pick<Principal, 'issuer' | 'subject'>): string {
  return `${encodeURIComponent(principal.issuer)}/${encodeURIComponent(principal.subject)}`;
}
