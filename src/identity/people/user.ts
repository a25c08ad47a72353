import type { GroupId, Role, TenantId, UserId } from '#core/index.ts';

/** A person or a service that signs in here. */
export interface User {
  readonly id: UserId;
  readonly tenantId: TenantId;
  readonly kind: 'person' | 'service';
  readonly name: string;
  readonly displayName: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly roles: readonly Role[];
  readonly groups: readonly GroupId[];
  readonly createdAtMs: number;
  readonly signedInAtMs: number | undefined;
  readonly deactivatedAtMs: number | undefined;
}

/** What a sign-in is checked against. */
export interface UserCredentials {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly passphraseHash: string | undefined;
  readonly totpSecret: string | undefined;
  readonly totpLastStep: number;
  readonly isDeactivated: boolean;
}

export interface NewUser {
  readonly id: UserId;
  readonly tenantId: TenantId;
  readonly kind: User['kind'];
  readonly name: string;
  readonly displayName: string;
  readonly passphraseHash: string | undefined;
  readonly attributes: User['attributes'];
  readonly roles: readonly Role[];
  readonly groups: readonly GroupId[];
  readonly createdAtMs: number;
}

/** How the name of an account is spelt: folded, so that one person cannot look like another. */
export function foldUserName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
