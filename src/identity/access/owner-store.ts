import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type CollectionId, type TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';
import { isSubject, type Subject } from './subject.ts';

/** Who answers for a collection: they manage its rights and documents, whether or not they may read it. */
export interface CollectionOwner {
  readonly subject: Subject;
  readonly createdAtMs: number;
  readonly createdBy: string;
}

/** Owners of collections. */
export class OwnerStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  async listOwners(tenantId: TenantId, collectionId: CollectionId): Promise<readonly CollectionOwner[]> {
    const rows = await this.#db
      .selectFrom('collection_owner')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('collection_id', '=', collectionId)
      .orderBy('created_at_ms')
      .orderBy('subject')
      .execute();
    return rows.flatMap(({ subject, created_at_ms: createdAtMs, created_by: createdBy }) =>
      isSubject(subject) ? [{ subject, createdAtMs, createdBy }] : [],
    );
  }

  /** Collections that any of these subjects owns. */
  async listOwned(tenantId: TenantId, subjects: ReadonlySet<Subject>): Promise<ReadonlySet<CollectionId>> {
    const rows = await this.#db
      .selectFrom('collection_owner')
      .select('collection_id')
      .where('tenant_id', '=', tenantId)
      .where('subject', 'in', [...subjects])
      .execute();
    return new Set(rows.map((row) => expectId('collection', row.collection_id)));
  }

  /** Adds an owner; nothing when they are one. */
  add(tenantId: TenantId, collectionId: CollectionId, owner: CollectionOwner): Statement {
    const query = this.#db
      .insertInto('collection_owner')
      .values({
        tenant_id: tenantId,
        collection_id: collectionId,
        subject: owner.subject,
        created_at_ms: owner.createdAtMs,
        created_by: owner.createdBy,
      })
      .onConflict((conflict) => conflict.doNothing());
    return toStatement(query.compile());
  }

  remove(tenantId: TenantId, collectionId: CollectionId, subject: Subject): Statement {
    const query = this.#db
      .deleteFrom('collection_owner')
      .where('tenant_id', '=', tenantId)
      .where('collection_id', '=', collectionId)
      .where('subject', '=', subject);
    return toStatement(query.compile());
  }
}
