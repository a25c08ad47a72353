import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import type { TenantId, UserId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';

const ERASED = 'erased';

/** Takes everything out of an account that says who the person is. Its id stays: the record refers to it. */
export class ErasureStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  /** The account can no longer be used, and names, attributes, sessions, keys and memberships are gone. */
  erase(tenantId: TenantId, userId: UserId, nowMs: number): Statement[] {
    const ownName = this.#db.selectFrom('user_account').select('name').where('id', '=', userId);
    const ofUser = ['user_passkey', 'session', 'user_group_member', 'user_role', 'access_review'] as const;
    const queries = [
      this.#db.deleteFrom('invitation').where('tenant_id', '=', tenantId).where('name', 'in', ownName),
      ...ofUser.map((table) =>
        this.#db.deleteFrom(table).where('tenant_id', '=', tenantId).where('user_id', '=', userId),
      ),
      this.#db
        .updateTable('api_key')
        .set({ name: ERASED, addresses: '[]', revoked_at_ms: nowMs })
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId),
      this.#db
        .updateTable('user_account')
        .set({
          name: `${ERASED}-${userId}`,
          display_name: ERASED,
          attributes: '{}',
          passphrase_hash: null,
          totp_secret: null,
          deactivated_at_ms: nowMs,
        })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', userId),
    ];
    return queries.map((query) => toStatement(query.compile()));
  }
}
