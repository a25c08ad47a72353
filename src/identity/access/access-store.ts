import { sql, type Kysely } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import {
  expectAclSetId,
  expectId,
  type AclSetId,
  type CollectionId,
  type DocumentId,
  type TenantId,
} from '#core/index.ts';
import { frequentQuery, toStatement } from '#platform/index.ts';
import type { PolicySnapshot, PolicySource } from './access-filters.ts';
import { conditionText } from './condition.ts';
import { encodePolicy, policyDigest, type AclPolicy, type Entry, type Override } from './policy.ts';
import { entrySchema, overrideSchema, parsePolicy } from './policy-schema.ts';
import type { IdentitySchema } from '../identity-schema.ts';

/** A grant with its id, as it is listed and taken away. */
export interface Grant extends Entry {
  readonly id: number;
  readonly collectionId: CollectionId;
  readonly createdAtMs: number;
  readonly createdBy: string;
}

/** What is said on a document, or on a chunk of it. */
export interface OverrideTarget {
  readonly tenantId: TenantId;
  readonly documentId: DocumentId;
  readonly target: 'document' | 'chunk';
  readonly targetId: string;
}

/** What is said, and since when. */
export interface SaidOverride extends OverrideTarget {
  readonly override: Override;
  readonly updatedAtMs: number;
}

/** What is said, since when, and in which collection the document lies. */
export interface StatedOverride extends SaidOverride {
  readonly collectionId: CollectionId;
}

function toOverride(row: IdentitySchema['access_override']): SaidOverride {
  return {
    tenantId: expectId('tenant', row.tenant_id),
    documentId: expectId('document', row.document_id),
    target: row.target === 'chunk' ? 'chunk' : 'document',
    targetId: row.target_id,
    override: overrideSchema.parse(JSON.parse(row.override)),
    updatedAtMs: row.updated_at_ms,
  };
}

/** Access sets, grants and overrides: what `AccessFilters` judges by, and the statements that change it. */
export class AccessStore implements PolicySource {
  readonly #db: Kysely<IdentitySchema>;
  readonly #generation;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
    this.#generation = frequentQuery(db, (tenantId: TenantId) =>
      db.selectFrom('policy_generation').select('generation').where('tenant_id', '=', tenantId),
    );
  }

  async generation(tenantId: TenantId): Promise<number> {
    const [row] = await this.#generation(tenantId);
    return row?.generation ?? 0;
  }

  async load(tenantId: TenantId): Promise<PolicySnapshot> {
    const sets = await this.#db
      .selectFrom('acl_set')
      .select(['id', 'policy'])
      .where('tenant_id', '=', tenantId)
      .orderBy('id')
      .execute();
    return {
      sets: sets.map((row) => ({ id: expectAclSetId(row.id), policy: parsePolicy(row.policy) })),
      grants: Map.groupBy(await this.#listGrants(tenantId), ({ collectionId }) => collectionId),
      collections: await this.collectionNames(tenantId),
    };
  }

  /** Collections of a tenant by name, whoever may read them: only for managing rights. */
  async collectionNames(tenantId: TenantId): Promise<ReadonlyMap<string, CollectionId>> {
    const rows = await this.#db
      .selectFrom('collection')
      .select(['id', 'name'])
      .where('tenant_id', '=', tenantId)
      .where('deleted_at_ms', 'is', null)
      .orderBy('name')
      .execute();
    return new Map(rows.map((row) => [row.name, expectId('collection', row.id)]));
  }

  /** The policy of a set; undefined when the tenant has no such set. */
  async findPolicy(tenantId: TenantId, id: AclSetId): Promise<AclPolicy | undefined> {
    const row = await this.#db
      .selectFrom('acl_set')
      .select('policy')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && parsePolicy(row.policy);
  }

  /** The set with this policy; undefined until `createSet` made one. */
  async findSet(tenantId: TenantId, policy: AclPolicy): Promise<AclSetId | undefined> {
    const row = await this.#db
      .selectFrom('acl_set')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('digest', '=', policyDigest(policy))
      .executeTakeFirst();
    return row && expectAclSetId(row.id);
  }

  /** Adds the set of a policy; nothing when there is one. */
  createSet(tenantId: TenantId, policy: AclPolicy, nowMs: number): Statement {
    const values = {
      tenant_id: tenantId,
      digest: policyDigest(policy),
      policy: encodePolicy(policy),
      created_at_ms: nowMs,
    };
    const query = this.#db
      .insertInto('acl_set')
      .values(values)
      .onConflict((conflict) => conflict.columns(['tenant_id', 'digest']).doNothing());
    return toStatement(query.compile());
  }

  /** Grants of one collection in the order they were given. */
  async listGrants(tenantId: TenantId, collectionId: CollectionId): Promise<readonly Grant[]> {
    return this.#listGrants(tenantId, collectionId);
  }

  async #listGrants(tenantId: TenantId, collectionId?: CollectionId): Promise<Grant[]> {
    let query = this.#db.selectFrom('collection_grant').selectAll().where('tenant_id', '=', tenantId);
    if (collectionId !== undefined) query = query.where('collection_id', '=', collectionId);
    const rows = await query.orderBy('id').execute();
    return rows.map((row) => ({
      ...entrySchema.parse({
        effect: row.effect,
        subject: row.subject,
        ...(row.condition !== null && { condition: JSON.parse(row.condition) }),
      }),
      id: row.id,
      collectionId: expectId('collection', row.collection_id),
      createdAtMs: row.created_at_ms,
      createdBy: row.created_by,
    }));
  }

  addGrant(grant: Omit<Grant, 'id'> & { readonly tenantId: TenantId }): Statement {
    const values = {
      tenant_id: grant.tenantId,
      collection_id: grant.collectionId,
      effect: grant.effect,
      subject: grant.subject,
      condition: grant.condition ? conditionText(grant.condition) : null,
      created_at_ms: grant.createdAtMs,
      created_by: grant.createdBy,
    };
    return toStatement(this.#db.insertInto('collection_grant').values(values).returning('id').compile());
  }

  removeGrant(tenantId: TenantId, collectionId: CollectionId, id: number): Statement {
    const query = this.#db
      .deleteFrom('collection_grant')
      .where('tenant_id', '=', tenantId)
      .where('collection_id', '=', collectionId)
      .where('id', '=', id);
    return toStatement(query.compile());
  }

  /** Overrides on a document and its chunks, as they were said. */
  async listOverrides(tenantId: TenantId, documentId: DocumentId): Promise<readonly SaidOverride[]> {
    const rows = await this.#db
      .selectFrom('access_override')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('document_id', '=', documentId)
      .orderBy('target_id')
      .execute();
    return rows.map(toOverride);
  }

  /** Holds while nothing else is said of a document and its chunks than what was read. */
  guardOverrides(
    tenantId: TenantId,
    documentId: DocumentId,
    read: readonly { readonly targetId: string; readonly updatedAtMs: number }[],
  ): Guard {
    const said = read.map(({ targetId, updatedAtMs }) => `${targetId} ${updatedAtMs}`).join('\n');
    const query = sql`SELECT 1 WHERE ${said} <> coalesce((
      SELECT group_concat(target_id || ' ' || updated_at_ms, char(10)) FROM (
        SELECT target_id, updated_at_ms FROM access_override
        WHERE tenant_id = ${tenantId} AND document_id = ${documentId} ORDER BY target_id)), '')`;
    return {
      ...toStatement(query.compile(this.#db)),
      expect: 'none',
      message: 'Who may read the document was changed meanwhile.',
    };
  }

  /** Every override of the tenant on documents that are there, by document, with the collection it lies in. */
  async listAllOverrides(tenantId: TenantId): Promise<readonly StatedOverride[]> {
    const rows = await this.#db
      .selectFrom('access_override')
      .innerJoin('document', 'document.id', 'access_override.document_id')
      .selectAll('access_override')
      .select('document.collection_id')
      .where('access_override.tenant_id', '=', tenantId)
      .where('document.removed_at_ms', 'is', null)
      .orderBy('access_override.document_id')
      .orderBy('access_override.target_id')
      .execute();
    return rows.map((row) => ({
      ...toOverride(row),
      collectionId: expectId('collection', row.collection_id),
    }));
  }

  /** Says something on a document or chunk, in place of what was said before. */
  putOverride({ tenantId, ...where }: OverrideTarget, override: Override, nowMs: number): Statement {
    const values = {
      tenant_id: tenantId,
      target: where.target,
      target_id: where.targetId,
      document_id: where.documentId,
      override: JSON.stringify(override),
      updated_at_ms: nowMs,
    };
    const query = this.#db
      .insertInto('access_override')
      .values(values)
      .onConflict((conflict) =>
        conflict
          .columns(['target', 'target_id', 'document_id'])
          .doUpdateSet({ override: values.override, updated_at_ms: nowMs }),
      );
    return toStatement(query.compile());
  }

  removeOverride({ tenantId, ...where }: OverrideTarget): Statement {
    const query = this.#db
      .deleteFrom('access_override')
      .where('tenant_id', '=', tenantId)
      .where('target', '=', where.target)
      .where('target_id', '=', where.targetId)
      .where('document_id', '=', where.documentId);
    return toStatement(query.compile());
  }
}
