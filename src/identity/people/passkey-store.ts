import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type TenantId, type UserId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import { PASSKEY_ALGORITHMS, type Passkey } from '../credentials/passkey.ts';
import type { IdentitySchema } from '../identity-schema.ts';

/** A passkey with its owner. */
export interface OwnedPasskey extends Passkey {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** What its owner calls it. */
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | undefined;
}

/** Passkeys, found by the id that their authenticator gave them. */
export class PasskeyStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  async find(credentialId: string): Promise<OwnedPasskey | undefined> {
    const row = await this.#db
      .selectFrom('user_passkey')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
    return row && toPasskey(row);
  }

  async listOf(tenantId: TenantId, userId: UserId): Promise<readonly OwnedPasskey[]> {
    const rows = await this.#db
      .selectFrom('user_passkey')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .orderBy('created_at_ms')
      .execute();
    return rows.map(toPasskey);
  }

  create(passkey: OwnedPasskey): Statement {
    const values = {
      credential_id: passkey.credentialId,
      tenant_id: passkey.tenantId,
      user_id: passkey.userId,
      name: passkey.name,
      public_key: passkey.publicKey,
      algorithm: passkey.algorithm,
      sign_count: passkey.signCount,
      created_at_ms: passkey.createdAtMs,
      last_used_at_ms: null,
    };
    return toStatement(this.#db.insertInto('user_passkey').values(values).compile());
  }

  /** Notes a use and the authenticator's counter. */
  touch(credentialId: string, signCount: number, nowMs: number): Statement {
    const query = this.#db
      .updateTable('user_passkey')
      .set({ sign_count: signCount, last_used_at_ms: nowMs })
      .where('credential_id', '=', credentialId);
    return toStatement(query.compile());
  }

  remove(tenantId: TenantId, userId: UserId, credentialId: string): Statement {
    const query = this.#db
      .deleteFrom('user_passkey')
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .where('credential_id', '=', credentialId);
    return toStatement(query.compile());
  }
}

function toPasskey(row: {
  readonly credential_id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly public_key: string;
  readonly algorithm: number;
  readonly sign_count: number;
  readonly created_at_ms: number;
  readonly last_used_at_ms: number | null;
}): OwnedPasskey {
  const algorithm = PASSKEY_ALGORITHMS.find((known) => known === row.algorithm);
  if (algorithm === undefined) throw new TypeError('not an algorithm of passkeys');
  return {
    credentialId: row.credential_id,
    tenantId: expectId('tenant', row.tenant_id),
    userId: expectId('user', row.user_id),
    name: row.name,
    publicKey: row.public_key,
    algorithm,
    signCount: row.sign_count,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
  };
}
