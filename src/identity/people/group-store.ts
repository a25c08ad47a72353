import type { Kysely } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import { expectId, type GroupId, type TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';

export interface Group {
  readonly id: GroupId;
  readonly name: string;
  readonly memberCount: number;
}

/** Groups of a tenant. Rights name a group by its id, so that a new name changes nothing. */
export class GroupStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  async list(tenantId: TenantId): Promise<readonly Group[]> {
    const rows = await this.#db
      .selectFrom('user_group')
      .leftJoin('user_group_member', 'user_group_member.group_id', 'user_group.id')
      .select(['user_group.id', 'user_group.name'])
      .select(({ fn }) => fn.count<number>('user_group_member.user_id').as('members'))
      .where('user_group.tenant_id', '=', tenantId)
      .groupBy(['user_group.id', 'user_group.name'])
      .orderBy('user_group.name')
      .execute();
    return rows.map((row) => ({
      id: expectId('group', row.id),
      name: row.name,
      memberCount: row.members,
    }));
  }

  create(group: { tenantId: TenantId; id: GroupId; name: string; createdAtMs: number }): Statement {
    const values = {
      id: group.id,
      tenant_id: group.tenantId,
      name: group.name,
      created_at_ms: group.createdAtMs,
    };
    return toStatement(this.#db.insertInto('user_group').values(values).compile());
  }

  /** Holds while no group of the tenant has this name. */
  guardNameFree(tenantId: TenantId, name: string): Guard {
    const query = this.#db
      .selectFrom('user_group')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('name', '=', name);
    return { ...toStatement(query.compile()), expect: 'none', message: `The name "${name}" is taken.` };
  }

  /** Takes a group away with its memberships, and the grants and ownerships that name it. */
  remove(tenantId: TenantId, id: GroupId): Statement[] {
    const members = this.#db.deleteFrom('user_group_member').where('group_id', '=', id);
    const grants = this.#db.deleteFrom('collection_grant').where('subject', '=', `group:${id}`);
    const owners = this.#db.deleteFrom('collection_owner').where('subject', '=', `group:${id}`);
    const group = this.#db.deleteFrom('user_group').where('id', '=', id);
    return [members, grants, owners, group].map((query) =>
      toStatement(query.where('tenant_id', '=', tenantId).compile()),
    );
  }
}
