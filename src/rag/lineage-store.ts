import type { Kysely } from 'kysely';
import { expectId, type DocumentId, type TenantId, type VersionId } from '#core/index.ts';
import type { RagSchema } from './rag-schema.ts';

/** Where a version's chunks come from: digests of the file, of its text, and of what made the one of the other. */
export interface VersionLineage {
  readonly versionId: VersionId;
  readonly documentId: DocumentId;
  readonly ordinal: number;
  readonly blobDigest: string;
  readonly canonicalDigest: string;
  readonly pipelineDigest: string;
  readonly validFromMs: number;
  readonly recordedFromMs: number;
  readonly recordedToMs: number | undefined;
  readonly chunks: number;
}

/** From documents down to chunks, by ids and digests; no text. */
export class LineageStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** The versions of a document, oldest first; empty when it is unknown. */
  listOfDocument(tenantId: TenantId, documentId: DocumentId): Promise<VersionLineage[]> {
    return this.#list(tenantId, 'document_version.document_id', [documentId]);
  }

  listVersions(tenantId: TenantId, ids: readonly VersionId[]): Promise<VersionLineage[]> {
    return this.#list(tenantId, 'document_version.id', ids);
  }

  async #list(
    tenantId: TenantId,
    column: 'document_version.document_id' | 'document_version.id',
    ids: readonly string[],
  ): Promise<VersionLineage[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db
      .selectFrom('document_version')
      .leftJoin('chunk', 'chunk.version_id', 'document_version.id')
      .selectAll('document_version')
      .select((select) => select.fn.count('chunk.row').as('chunks'))
      .where('document_version.tenant_id', '=', tenantId)
      .where(column, 'in', [...ids])
      .groupBy('document_version.id')
      .orderBy('document_version.ordinal')
      .execute();
    return rows.map((row) => ({
      versionId: expectId('version', row.id),
      documentId: expectId('document', row.document_id),
      ordinal: row.ordinal,
      blobDigest: row.blob_digest,
      canonicalDigest: row.canonical_digest,
      pipelineDigest: row.pipeline_digest,
      validFromMs: row.valid_from_ms,
      recordedFromMs: row.recorded_from_ms,
      recordedToMs: row.recorded_to_ms ?? undefined,
      chunks: Number(row.chunks),
    }));
  }
}
