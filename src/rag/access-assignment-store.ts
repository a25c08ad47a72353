import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import {
  expectAclSetId,
  expectChunkRow,
  expectId,
  type AclSetId,
  type ChunkId,
  type ChunkRow,
  type CollectionId,
  type Digest,
  type DocumentId,
  type TenantId,
} from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { RagSchema } from './rag-schema.ts';

/** Which access set a document carries. */
export interface DocumentAccess {
  readonly documentId: DocumentId;
  readonly collectionId: CollectionId;
  readonly aclSet: AclSetId;
}

/** Which access set a row of a chunk carries. */
export interface ChunkAccess {
  readonly row: ChunkRow;
  readonly chunkId: ChunkId;
  readonly aclSet: AclSetId;
}

type AccessSets = RagSchema & { acl_set: { id: number; tenant_id: string; digest: string } };

/** Access sets of documents and chunks: ids only, never a text, so that rights can be managed without reading. */
export class AccessAssignmentStore {
  readonly #db: Kysely<AccessSets>;
  constructor(db: Kysely<AccessSets>) {
    this.#db = db;
  }

  async findDocument(tenantId: TenantId, documentId: DocumentId): Promise<DocumentAccess | undefined> {
    const row = await this.#documents(tenantId).where('id', '=', documentId).executeTakeFirst();
    return row && toDocumentAccess(row);
  }

  /** Documents of a tenant whose access set is not that of their collection. */
  async listExceptions(tenantId: TenantId): Promise<readonly DocumentAccess[]> {
    const rows = await this.#documents(tenantId)
      .where(({ selectFrom, and, not, exists }) =>
        and([
          not(
            exists(
              selectFrom('collection')
                .select('collection.id')
                .whereRef('collection.id', '=', 'document.collection_id')
                .whereRef('collection.acl_set_id', '=', 'document.acl_set_id'),
            ),
          ),
        ]),
      )
      .orderBy('id')
      .execute();
    return rows.map(toDocumentAccess);
  }

  #documents(tenantId: TenantId) {
    return this.#db
      .selectFrom('document')
      .select(['id', 'collection_id', 'acl_set_id'])
      .where('tenant_id', '=', tenantId)
      .where('removed_at_ms', 'is', null);
  }

  /** Every row of every version of a document. */
  async listChunks(tenantId: TenantId, documentId: DocumentId): Promise<readonly ChunkAccess[]> {
    const rows = await this.#db
      .selectFrom('chunk')
      .select(['row', 'id', 'acl_set_id'])
      .where('tenant_id', '=', tenantId)
      .where('document_id', '=', documentId)
      .orderBy('row')
      .execute();
    return rows.map((row) => ({
      row: expectChunkRow(row.row),
      chunkId: expectId('chunk', row.id),
      aclSet: expectAclSetId(row.acl_set_id),
    }));
  }

  /** Gives a document, or some of its chunks, the access set with this digest; it must be there by then. */
  assign(
    where: { readonly tenantId: TenantId; readonly documentId: DocumentId },
    digest: Digest,
    chunkIds?: readonly ChunkId[],
  ): Statement[] {
    const set = this.#db
      .selectFrom('acl_set')
      .select('id')
      .where('tenant_id', '=', where.tenantId)
      .where('digest', '=', digest);
    const chunks = this.#db
      .updateTable('chunk')
      .set({ acl_set_id: set })
      .where('tenant_id', '=', where.tenantId)
      .where('document_id', '=', where.documentId);
    if (chunkIds !== undefined) return [toStatement(chunks.where('id', 'in', chunkIds).compile())];
    const document = this.#db
      .updateTable('document')
      .set({ acl_set_id: set })
      .where('tenant_id', '=', where.tenantId)
      .where('id', '=', where.documentId);
    return [toStatement(document.compile()), toStatement(chunks.compile())];
  }
}

function toDocumentAccess(row: { id: string; collection_id: string; acl_set_id: number }): DocumentAccess {
  return {
    documentId: expectId('document', row.id),
    collectionId: expectId('collection', row.collection_id),
    aclSet: expectAclSetId(row.acl_set_id),
  };
}
