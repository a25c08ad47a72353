import type { Clock, Writer } from '#contracts/index.ts';
import type { AuditEvent, Json, NewId, Principal, TenantId } from '#core/index.ts';
import type {
  ApiKeyStore,
  GroupStore,
  InvitationStore,
  KeyedHash,
  PassphraseHasher,
  Sealer,
  SessionStore,
  SignInThrottle,
  UserStore,
} from '#identity/index.ts';

/** What the use cases about people are handed. */
export interface PeopleDeps {
  readonly writer: Writer;
  readonly users: UserStore;
  readonly groups: GroupStore;
  readonly sessions: SessionStore;
  readonly keys: ApiKeyStore;
  readonly invitations: InvitationStore;
  readonly keyedHash: KeyedHash;
  readonly passphrases: PassphraseHasher;
  readonly throttle: SignInThrottle;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Where a browser is, as its session shows it. */
export interface Browser {
  readonly address: string;
  readonly agent: string;
}

const TOKEN_BYTES = 32;

/** A new secret of 256 bits, as it goes into a cookie or a link. */
export function newToken(deps: Pick<PeopleDeps, 'randomBytes'>): string {
  return Buffer.from(deps.randomBytes(TOKEN_BYTES)).toString('base64url');
}

/** An audit event of something that this principal did. */
export function byPrincipal(
  { tenantId, issuer, subject }: Pick<Principal, 'tenantId' | 'issuer' | 'subject'>,
  kind: string,
  fields: Readonly<Record<string, Json>>,
  atMs: number,
): AuditEvent {
  return { kind, tenantId, actor: { issuer, subject }, atMs, fields };
}

/** An audit event of something that a local account did before it was anybody's principal. */
export function byAccount(
  account: { readonly tenantId: TenantId; readonly userId: string },
  kind: string,
  fields: Readonly<Record<string, Json>>,
  atMs: number,
): AuditEvent {
  return byPrincipal({ ...account, issuer: 'hradlo', subject: account.userId }, kind, fields, atMs);
}
