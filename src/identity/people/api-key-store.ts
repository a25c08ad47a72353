import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type ApiKeyId, type KeyScope, type TenantId, type UserId } from '#core/index.ts';
import { frequentQuery, toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';
import { readNames, readScope } from './columns-schema.ts';

/** A key as it is listed: the secret was shown once and is gone. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly name: string;
  readonly scope: KeyScope;
  /** Addresses or networks (`10.0.0.0/8`) it may be used from; empty means any. */
  readonly addresses: readonly string[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
}

/** API keys, found by their public id. */
export class ApiKeyStore {
  readonly #db: Kysely<IdentitySchema>;
  readonly #byId;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
    this.#byId = frequentQuery(db, (id: ApiKeyId) =>
      db.selectFrom('api_key').selectAll().where('id', '=', id),
    );
  }

  /** A key with the keyed hash of its secret, also when revoked or expired: the caller looks. */
  async find(id: ApiKeyId): Promise<(ApiKey & { readonly secretHash: string }) | undefined> {
    const [row] = await this.#byId(id);
    return row && { ...toApiKey(row), secretHash: row.secret_hash };
  }

  /** Keys of a tenant, or of one person, newest first; revoked ones too. */
  async list(tenantId: TenantId, userId?: UserId): Promise<readonly ApiKey[]> {
    let query = this.#db.selectFrom('api_key').selectAll().where('tenant_id', '=', tenantId);
    if (userId !== undefined) query = query.where('user_id', '=', userId);
    return (await query.orderBy('created_at_ms', 'desc').orderBy('id').execute()).map(toApiKey);
  }

  create(key: ApiKey, secretHash: string): Statement {
    const values = {
      id: key.id,
      tenant_id: key.tenantId,
      user_id: key.userId,
      name: key.name,
      secret_hash: secretHash,
      scope: JSON.stringify(key.scope),
      addresses: JSON.stringify(key.addresses),
      created_at_ms: key.createdAtMs,
      expires_at_ms: key.expiresAtMs ?? null,
      last_used_at_ms: null,
      revoked_at_ms: null,
    };
    return toStatement(this.#db.insertInto('api_key').values(values).compile());
  }

  touch(id: ApiKeyId, nowMs: number): Statement {
    const query = this.#db.updateTable('api_key').set({ last_used_at_ms: nowMs }).where('id', '=', id);
    return toStatement(query.compile());
  }

  revoke(tenantId: TenantId, id: ApiKeyId, nowMs: number): Statement {
    const query = this.#db
      .updateTable('api_key')
      .set({ revoked_at_ms: nowMs })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .where('revoked_at_ms', 'is', null);
    return toStatement(query.compile());
  }
}

function toApiKey(row: {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly scope: string;
  readonly addresses: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly last_used_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}): ApiKey {
  return {
    id: expectId('key', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    userId: expectId('user', row.user_id),
    name: row.name,
    scope: readScope(row.scope),
    addresses: readNames(row.addresses),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms ?? undefined,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
    revokedAtMs: row.revoked_at_ms ?? undefined,
  };
}
