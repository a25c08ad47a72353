import type { Kysely } from 'kysely';
import {
  expectDigest,
  expectId,
  isMinted,
  type AccessFilter,
  type ChunkId,
  type CollectionId,
  type Digest,
  type DocumentId,
  type EntryId,
  type Span,
  type VersionId,
} from '#core/index.ts';
import { decodeLayout, type VersionLayout } from './ingestion/layout-schema.ts';
import type { RagSchema } from './rag-schema.ts';
import { parseMetadata, type VersionMetadata } from './versions/version-metadata-schema.ts';

export interface DocumentDetail {
  readonly id: DocumentId;
  readonly collectionId: CollectionId;
  readonly sourceKey: string;
  readonly externalId: string | undefined;
  readonly title: string;
  readonly dataClass: string;
  readonly currentVersionId: VersionId | undefined;
  readonly isRemoved: boolean;
}

/** A row of a document's history. */
export interface VersionDetail {
  readonly id: VersionId;
  /** Number of the text; rows of one edition have the same text and differ in what is said of it. */
  readonly edition: number;
  readonly title: string;
  readonly language: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly dataClass: string;
  readonly blobDigest: Digest;
  readonly metadata: VersionMetadata;
  readonly validFromMs: number;
  readonly validToMs: number | undefined;
  readonly recordedFromMs: number;
  readonly recordedToMs: number | undefined;
}

export interface ChunkText extends Span {
  readonly id: ChunkId;
  readonly headingPath: readonly string[];
  readonly page: number | undefined;
  readonly kind: string;
  readonly text: string;
}

export interface Original {
  readonly blobDigest: Digest;
  readonly mediaType: string;
  /** Path in the source when it was taken in. */
  readonly sourceKey: string;
}

function checkMinted(access: AccessFilter): void {
  if (!isMinted(access)) throw new TypeError('an access filter must be minted');
}

/** Documents and their history as people look at them: everything under an access filter. */
export class DocumentDetailStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** The document; undefined if it is unknown or unreadable, alike on purpose. A removed one is still there. */
  async find(documentId: DocumentId, access: AccessFilter): Promise<DocumentDetail | undefined> {
    checkMinted(access);
    const row = await this.#db
      .selectFrom('document')
      .selectAll()
      .where('tenant_id', '=', access.tenantId)
      .where('id', '=', documentId)
      .where('acl_set_id', 'in', [...access.aclSets])
      .where('erased_at_ms', 'is', null)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      id: documentId,
      collectionId: expectId('collection', row.collection_id),
      sourceKey: row.source_key,
      externalId: row.external_id ?? undefined,
      title: row.title,
      dataClass: row.data_class,
      currentVersionId:
        row.current_version_id === null ? undefined : expectId('version', row.current_version_id),
      isRemoved: row.removed_at_ms !== null,
    };
  }

  /** What is shown now of the documents that files became; unreadable ones and those out of answers are left out. */
  async listOfEntries(
    entryIds: readonly EntryId[],
    access: AccessFilter,
  ): Promise<ReadonlyMap<EntryId, { readonly title: string; readonly versionId: VersionId }>> {
    checkMinted(access);
    const rows = await this.#db
      .selectFrom('source_entry')
      .innerJoin('document', 'document.id', 'source_entry.document_id')
      .innerJoin('document_version', 'document_version.id', 'document.current_version_id')
      .select(['source_entry.id as entry_id', 'document_version.title', 'document_version.id'])
      .where('source_entry.id', 'in', [...entryIds])
      .where('document.tenant_id', '=', access.tenantId)
      .where('document.acl_set_id', 'in', [...access.aclSets])
      .where('document.removed_at_ms', 'is', null)
      .where('document.erased_at_ms', 'is', null)
      .execute();
    return new Map(
      rows.map((row) => [
        expectId('entry', row.entry_id),
        { title: row.title, versionId: expectId('version', row.id) },
      ]),
    );
  }

  /** Every row of the history of a readable document, newest first. */
  async listVersions(documentId: DocumentId, access: AccessFilter): Promise<VersionDetail[]> {
    checkMinted(access);
    const rows = await this.#versions(access)
      .selectAll('document_version')
      .where('document.id', '=', documentId)
      .orderBy('document_version.ordinal', 'desc')
      .execute();
    return rows.map((row) => ({
      id: expectId('version', row.id),
      edition: row.edition,
      title: row.title,
      language: row.language,
      mediaType: row.media_type,
      sizeBytes: row.size_bytes,
      dataClass: row.data_class,
      blobDigest: expectDigest(row.blob_digest),
      metadata: parseMetadata(row.metadata),
      validFromMs: row.valid_from_ms,
      validToMs: row.valid_to_ms ?? undefined,
      recordedFromMs: row.recorded_from_ms,
      recordedToMs: row.recorded_to_ms ?? undefined,
    }));
  }

  #versions(access: AccessFilter) {
    return this.#db
      .selectFrom('document_version')
      .innerJoin('document', 'document.id', 'document_version.document_id')
      .where('document.tenant_id', '=', access.tenantId)
      .where('document.acl_set_id', 'in', [...access.aclSets])
      .where('document_version.is_published', '=', 1);
  }

  /** The readable chunks of a version of a document in order; of another document's version none. */
  async listChunks(documentId: DocumentId, versionId: VersionId, access: AccessFilter): Promise<ChunkText[]> {
    checkMinted(access);
    const rows = await this.#versions(access)
      .innerJoin('chunk', 'chunk.version_id', 'document_version.id')
      .select(['chunk.id', 'heading_path', 'page_from', 'kind', 'text', 'start_offset', 'end_offset'])
      .where('document.id', '=', documentId)
      .where('document_version.id', '=', versionId)
      .where('chunk.acl_set_id', 'in', [...access.aclSets])
      .orderBy('chunk.ordinal')
      .execute();
    return rows.map((row) => ({
      id: expectId('chunk', row.id),
      headingPath: toTexts(row.heading_path),
      page: row.page_from ?? undefined,
      kind: row.kind,
      text: row.text,
      start: row.start_offset,
      end: row.end_offset,
    }));
  }

  /** The file of a version; undefined unless every part of it may be read: a file cannot be shown in part. */
  async findOriginal(versionId: VersionId, access: AccessFilter): Promise<Original | undefined> {
    const row = await this.#whole(versionId, access)
      .select(['document_version.blob_digest', 'document_version.media_type', 'document.source_key'])
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      blobDigest: expectDigest(row.blob_digest),
      mediaType: row.media_type,
      sourceKey: row.source_key,
    };
  }

  /** Pages, outline and places of words; undefined unless every part of the version may be read. */
  async readLayout(versionId: VersionId, access: AccessFilter): Promise<VersionLayout | undefined> {
    const row = await this.#whole(versionId, access)
      .innerJoin('version_layout', (join) =>
        join
          .onRef('version_layout.tenant_id', '=', 'document_version.tenant_id')
          .onRef('version_layout.blob_digest', '=', 'document_version.blob_digest')
          .onRef('version_layout.pipeline_digest', '=', 'document_version.pipeline_digest'),
      )
      .select('version_layout.layout')
      .executeTakeFirst();
    return row && decodeLayout(row.layout);
  }

  #whole(versionId: VersionId, access: AccessFilter) {
    checkMinted(access);
    return this.#versions(access)
      .where('document_version.id', '=', versionId)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('chunk')
              .select('chunk.row')
              .whereRef('chunk.version_id', '=', 'document_version.id')
              .where('chunk.acl_set_id', 'not in', [...access.aclSets]),
          ),
        ),
      );
  }
}

function toTexts(json: string): string[] {
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}
