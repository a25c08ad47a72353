import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type GroupId, type Role, type TenantId, type UserId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import { isSubject, type Subject } from '../access/subject.ts';
import type { IdentitySchema } from '../identity-schema.ts';

/** Who has which roles and is in which groups, and since when. */
export class MembershipStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  /** Gives these roles and no others; who had one keeps the time since when. */
  setRoles(
    { tenantId, userId }: { readonly tenantId: TenantId; readonly userId: UserId },
    roles: readonly Role[],
    nowMs: number,
  ): Statement[] {
    const clear = this.#db
      .deleteFrom('user_role')
      .where('user_id', '=', userId)
      .where('tenant_id', '=', tenantId)
      .$if(roles.length > 0, (query) => query.where('role', 'not in', roles));
    const add = [...new Set(roles)].map((role) =>
      this.#db
        .insertInto('user_role')
        .values({ user_id: userId, tenant_id: tenantId, role, since_ms: nowMs })
        .onConflict((conflict) => conflict.doNothing()),
    );
    return [clear, ...add].map((query) => toStatement(query.compile()));
  }

  /** Puts somebody into these groups and no others; who was in one keeps the time since when. */
  setGroups(
    { tenantId, userId }: { readonly tenantId: TenantId; readonly userId: UserId },
    groups: readonly GroupId[],
    nowMs: number,
  ): Statement[] {
    const clear = this.#db
      .deleteFrom('user_group_member')
      .where('user_id', '=', userId)
      .where('tenant_id', '=', tenantId)
      .$if(groups.length > 0, (query) => query.where('group_id', 'not in', groups));
    const add = [...new Set(groups)].map((group) =>
      this.#db
        .insertInto('user_group_member')
        .values({ group_id: group, user_id: userId, tenant_id: tenantId, since_ms: nowMs })
        .onConflict((conflict) => conflict.doNothing()),
    );
    return [clear, ...add].map((query) => toStatement(query.compile()));
  }

  /**
   * Since when people answer to a group or a role, by user and subject; what was given before it was noted down
   * is missing.
   */
  async list(tenantId: TenantId): Promise<ReadonlyMap<UserId, ReadonlyMap<Subject, number>>> {
    const roles = await this.#db
      .selectFrom('user_role')
      .select(['user_id', 'role', 'since_ms'])
      .where('tenant_id', '=', tenantId)
      .execute();
    const groups = await this.#db
      .selectFrom('user_group_member')
      .select(['user_id', 'group_id', 'since_ms'])
      .where('tenant_id', '=', tenantId)
      .execute();
    const memberships = new Map<UserId, Map<Subject, number>>();
    const note = (user: string, subject: string, sinceMs: number | null): void => {
      if (sinceMs === null || !isSubject(subject)) return;
      const id = expectId('user', user);
      const known = memberships.get(id) ?? new Map<Subject, number>();
      memberships.set(id, known.set(subject, sinceMs));
    };
    for (const row of roles) note(row.user_id, `role:${row.role}`, row.since_ms);
    for (const row of groups) note(row.user_id, `group:${row.group_id}`, row.since_ms);
    return memberships;
  }
}
