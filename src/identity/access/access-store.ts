import type { Generated, Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectAclSetId, expectId, type AclSetId, type CollectionId, type TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { PolicySnapshot, PolicySource } from './access-filters.ts';
import { encodePolicy, policyDigest, type AclPolicy, type Entry } from './policy.ts';
import { parsePolicy } from './policy-schema.ts';

/** Columns of the tables as this store sees them. */
export interface AccessSchema {
  acl_set: {
    id: Generated<number>;
    tenant_id: string;
    digest: string;
    policy: string;
    created_at_ms: number;
  };
  collection: { id: string; tenant_id: string; name: string; deleted_at_ms: number | null };
}

/** Access sets and what they are judged by. */
export class AccessStore implements PolicySource {
  readonly #db: Kysely<AccessSchema>;
  readonly #grantsOf: (collection: CollectionId) => readonly Entry[];

  constructor(db: Kysely<AccessSchema>, grantsOf: (collection: CollectionId) => readonly Entry[]) {
    this.#db = db;
    this.#grantsOf = grantsOf;
  }

  async generation(tenantId: TenantId): Promise<number> {
    const row = await this.#db
      .selectFrom('acl_set')
      .select((build) => build.fn.countAll<number>().as('count'))
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow();
    return row.count;
  }

  async load(tenantId: TenantId): Promise<PolicySnapshot> {
    const sets = await this.#db
      .selectFrom('acl_set')
      .select(['id', 'policy'])
      .where('tenant_id', '=', tenantId)
      .execute();
    const collections = await this.#db
      .selectFrom('collection')
      .select(['id', 'name'])
      .where('tenant_id', '=', tenantId)
      .where('deleted_at_ms', 'is', null)
      .execute();
    const ids = collections.map((row) => expectId('collection', row.id));
    return {
      sets: sets.map((row) => ({ id: expectAclSetId(row.id), policy: parsePolicy(row.policy) })),
      grants: new Map(ids.map((id) => [id, this.#grantsOf(id)])),
      collections: new Map(collections.map((row) => [row.name, expectId('collection', row.id)])),
    };
  }

  /** The set of a policy; undefined until it was created. */
  async findSet(tenantId: TenantId, policy: AclPolicy): Promise<AclSetId | undefined> {
    const row = await this.#db
      .selectFrom('acl_set')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('digest', '=', policyDigest(policy))
      .executeTakeFirst();
    return row && expectAclSetId(row.id);
  }

  /** Creates the set of a policy unless it is there. */
  createSet(tenantId: TenantId, policy: AclPolicy, nowMs: number): Statement {
    const row = {
      tenant_id: tenantId,
      digest: policyDigest(policy),
      policy: encodePolicy(policy),
      created_at_ms: nowMs,
    };
    return toStatement(
      this.#db
        .insertInto('acl_set')
        .values(row)
        .onConflict((conflict) => conflict.columns(['tenant_id', 'digest']).doNothing())
        .compile(),
    );
  }
}
