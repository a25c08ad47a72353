import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import {
  expectAclSetId,
  expectId,
  type AccessFilter,
  type AclSetId,
  type ChunkId,
  type CollectionId,
  type DocumentId,
  type TenantId,
  type VersionId,
} from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { RagSchema } from './rag-schema.ts';

export interface Collection {
  readonly id: CollectionId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly title: string;
  readonly aclSet: AclSetId;
}

/** A document as lists show it: its current version. */
export interface DocumentSummary {
  readonly id: DocumentId;
  readonly collectionId: CollectionId;
  readonly sourceKey: string;
  readonly title: string;
  readonly versionId: VersionId;
  readonly language: string;
  readonly sizeBytes: number;
  readonly validFromMs: number;
}

export interface NewChunk {
  readonly id: ChunkId;
  readonly kind: string;
  readonly headingPath: readonly string[];
  readonly pageFrom: number | undefined;
  readonly pageTo: number | undefined;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What the index reads before the text; empty for most. */
  readonly indexPrefix: string;
  readonly tokenCount: number;
  readonly language: string;
}

/** Collections, documents and versions: reads, and the statements that write them. */
export class DocumentStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** Every tenant of this installation. */
  async listTenants(): Promise<{ id: TenantId; name: string }[]> {
    const rows = await this.#db.selectFrom('tenant').select(['id', 'name']).orderBy('id').execute();
    return rows.map((row) => ({ id: expectId('tenant', row.id), name: row.name }));
  }

  /** A collection by name, whoever may read it: only for writing into it. */
  async findCollection(tenantId: TenantId, name: string): Promise<Collection | undefined> {
    const row = await this.#collections(tenantId).where('name', '=', name).executeTakeFirst();
    return row && toCollection(row);
  }

  /** A collection by id, whoever may read it: only for writing into it. */
  async findCollectionById(tenantId: TenantId, id: CollectionId): Promise<Collection | undefined> {
    const row = await this.#collections(tenantId).where('id', '=', id).executeTakeFirst();
    return row && toCollection(row);
  }

  /** Readable collections by title. */
  async listCollections(access: AccessFilter): Promise<Collection[]> {
    const rows = await this.#collections(access.tenantId)
      .where('acl_set_id', 'in', [...access.aclSets])
      .orderBy('title')
      .execute();
    return rows.map(toCollection);
  }

  #collections(tenantId: TenantId) {
    return this.#db
      .selectFrom('collection')
      .select(['id', 'tenant_id', 'name', 'title', 'acl_set_id'])
      .where('tenant_id', '=', tenantId)
      .where('deleted_at_ms', 'is', null);
  }

  /**
   * How many documents `listDocuments` would list of each of these collections; those without any are left out. Reads
   * an index alone: some milliseconds for 100,000 documents.
   */
  async countDocuments(
    collectionIds: readonly CollectionId[],
    access: AccessFilter,
  ): Promise<ReadonlyMap<CollectionId, number>> {
    const rows = await this.#db
      .selectFrom('document')
      .select(({ fn }) => ['collection_id', fn.countAll<number>().as('count')])
      .where('collection_id', 'in', [...collectionIds])
      .where('acl_set_id', 'in', [...access.aclSets])
      .where('removed_at_ms', 'is', null)
      .where('current_version_id', 'is not', null)
      .groupBy('collection_id')
      .execute();
    return new Map(rows.map((row) => [expectId('collection', row.collection_id), row.count]));
  }

  /** Readable documents of a collection in the order of their source keys, with their current versions. */
  async listDocuments(collectionId: CollectionId, access: AccessFilter): Promise<DocumentSummary[]> {
    const rows = await this.#db
      .selectFrom('document')
      .innerJoin('document_version', 'document_version.id', 'document.current_version_id')
      .select([
        'document.id',
        'document.collection_id',
        'document.source_key',
        'document_version.title',
        'document_version.id as version_id',
        'document_version.language',
        'document_version.size_bytes',
        'document_version.valid_from_ms',
      ])
      .where('document.collection_id', '=', collectionId)
      .where('document.acl_set_id', 'in', [...access.aclSets])
      .where('document.removed_at_ms', 'is', null)
      .orderBy('document.source_key')
      .execute();
    return rows.map((row) => ({
      id: expectId('document', row.id),
      collectionId: expectId('collection', row.collection_id),
      sourceKey: row.source_key,
      title: row.title,
      versionId: expectId('version', row.version_id),
      language: row.language,
      sizeBytes: row.size_bytes,
      validFromMs: row.valid_from_ms,
    }));
  }

  createTenant(tenant: { id: TenantId; name: string; createdAtMs: number }): Statement {
    const { id, name, createdAtMs } = tenant;
    return toStatement(
      this.#db.insertInto('tenant').values({ id, name, created_at_ms: createdAtMs }).compile(),
    );
  }

  createCollection(collection: Collection & { createdAtMs: number }): Statement {
    return toStatement(
      this.#db
        .insertInto('collection')
        .values({
          id: collection.id,
          tenant_id: collection.tenantId,
          name: collection.name,
          title: collection.title,
          acl_set_id: collection.aclSet,
          created_at_ms: collection.createdAtMs,
          deleted_at_ms: null,
        })
        .compile(),
    );
  }
}

function toCollection(row: {
  id: string;
  tenant_id: string;
  name: string;
  title: string;
  acl_set_id: number;
}): Collection {
  return {
    id: expectId('collection', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    name: row.name,
    title: row.title,
    aclSet: expectAclSetId(row.acl_set_id),
  };
}
