import { sql, type Kysely } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import {
  expectAclSetId,
  expectChunkRow,
  expectDigest,
  expectId,
  type AclSetId,
  type ChunkRow,
  type CollectionId,
  type DataClass,
  type Digest,
  type DocumentId,
  type TenantId,
  type VersionId,
} from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { PackedChunks } from './ingestion/packed-chunks.ts';
import type { RagSchema } from './rag-schema.ts';
import type { KnownVersion } from './versions/plan-versions.ts';
import { detailsOf, parseMetadata } from './versions/version-metadata-schema.ts';

/** A document as whoever writes a version of it needs it, whoever may read it. */
export interface DocumentHead {
  readonly id: DocumentId;
  readonly sourceKey: string;
  readonly externalId: string | undefined;
  readonly aclSet: AclSetId;
  readonly isRemoved: boolean;
  /** Numbers of the last row and of the last text; 0 when there is none. */
  readonly lastOrdinal: number;
  readonly lastEdition: number;
  readonly known: readonly KnownVersion[];
}

/** A text as one pipeline read it: what a version of the same bytes takes over. */
export interface ReadText {
  readonly title: string;
  readonly language: string;
  readonly mediaType: string;
  readonly canonicalDigest: Digest;
  readonly file: Readonly<Record<string, string>>;
}

export interface NewDocument {
  readonly id: DocumentId;
  readonly tenantId: TenantId;
  readonly collectionId: CollectionId;
  readonly sourceKey: string;
  readonly externalId: string | undefined;
  readonly title: string;
  readonly aclSet: AclSetId;
  readonly dataClass: DataClass;
  readonly createdAtMs: number;
}

/** The history of documents: what is known of one, and what stands for it. */
export class VersionStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** The document of this sidecar id, else the one at this place; for writing only. */
  async findHead(
    collectionId: CollectionId,
    place: { readonly sourceKey: string; readonly externalId: string | undefined },
  ): Promise<DocumentHead | undefined> {
    const byId =
      place.externalId === undefined
        ? undefined
        : await this.#find(collectionId, 'external_id', place.externalId);
    const row = byId ?? (await this.#find(collectionId, 'source_key', place.sourceKey));
    // Another id says that it is another document, though it stands where this one stood.
    const isOther = byId === undefined && row?.external_id != null && place.externalId !== undefined;
    return row === undefined || isOther ? undefined : this.#toHead(row);
  }

  /** A document by its id, for writing only. */
  async findHeadById(documentId: DocumentId): Promise<DocumentHead | undefined> {
    const row = await this.#heads().where('id', '=', documentId).executeTakeFirst();
    return row && this.#toHead(row);
  }

  /** Whether there was a document of this id that is erased: its id is not used again. */
  async isErased(documentId: DocumentId): Promise<boolean> {
    const query = this.#db.selectFrom('document').select('id').where('id', '=', documentId);
    return (await query.where('erased_at_ms', 'is not', null).executeTakeFirst()) !== undefined;
  }

  /** Whether a document of the collection stands at this place. */
  async isPlaceTaken(collectionId: CollectionId, sourceKey: string): Promise<boolean> {
    return (await this.#find(collectionId, 'source_key', sourceKey)) !== undefined;
  }

  #heads() {
    return this.#db
      .selectFrom('document')
      .select(['id', 'source_key', 'external_id', 'acl_set_id', 'removed_at_ms']);
  }
  #find(collectionId: CollectionId, column: 'external_id' | 'source_key', value: string) {
    return this.#heads()
      .where('collection_id', '=', collectionId)
      .where(column, '=', value)
      .executeTakeFirst();
  }

  async #toHead(row: {
    id: string;
    source_key: string;
    external_id: string | null;
    acl_set_id: number;
    removed_at_ms: number | null;
  }): Promise<DocumentHead> {
    const versions = await this.#db
      .selectFrom('document_version')
      .selectAll()
      .where('document_id', '=', row.id)
      .orderBy('ordinal')
      .execute();
    return {
      id: expectId('document', row.id),
      sourceKey: row.source_key,
      externalId: row.external_id ?? undefined,
      aclSet: expectAclSetId(row.acl_set_id),
      isRemoved: row.removed_at_ms !== null,
      lastOrdinal: Math.max(0, ...versions.map((version) => version.ordinal)),
      lastEdition: Math.max(0, ...versions.map((version) => version.edition)),
      known: versions
        .filter((version) => version.recorded_to_ms === null && version.is_published === 1)
        .map((version) => ({
          id: expectId('version', version.id),
          edition: version.edition,
          blobDigest: version.blob_digest,
          pipelineDigest: version.pipeline_digest,
          details: detailsOf(parseMetadata(version.metadata), version.data_class),
          origin: version.origin,
          validFromMs: version.valid_from_ms,
          validToMs: version.valid_to_ms ?? undefined,
          statedToMs: version.stated_to_ms ?? undefined,
        })),
    };
  }

  /** What was read out of the bytes of a version. @throws {TypeError} when there is no such version. */
  async readText(versionId: VersionId): Promise<ReadText> {
    const row = await this.#db
      .selectFrom('document_version')
      .select(['title', 'language', 'media_type', 'canonical_digest', 'metadata'])
      .where('id', '=', versionId)
      .executeTakeFirst();
    if (row === undefined) throw new TypeError('a version that was just known is not there');
    const { file } = parseMetadata(row.metadata);
    return {
      title: file['title'] ?? row.title,
      language: row.language,
      mediaType: row.media_type,
      canonicalDigest: expectDigest(row.canonical_digest),
      file,
    };
  }

  /** Whether a version was cut into exactly these chunks: their text is told by their ids. */
  async hasChunks(versionId: VersionId, packed: readonly PackedChunks[]): Promise<boolean> {
    let count = 0;
    for (const { firstOrdinal, bytes } of packed) {
      const { rows } = await sql<{ count: number; same: number | null }>`
        SELECT count(*) AS count, sum(
          k.id IS c.value->>0 AND k.kind IS c.value->>1 AND k.heading_path IS c.value->2 AND k.page_from IS c.value->>3
          AND k.page_to IS c.value->>4 AND k.start_offset IS c.value->>5 AND k.end_offset IS c.value->>6
          AND k.index_prefix IS c.value->>8) AS same
        FROM json_each(CAST(${bytes} AS TEXT)) c
        LEFT JOIN chunk k ON k.version_id = ${versionId} AND k.ordinal = c.key + ${firstOrdinal}`.execute(
        this.#db,
      );
      const [found] = rows;
      if (found === undefined || found.same !== found.count) return false;
      count += found.count;
    }
    const last = await this.#db
      .selectFrom('chunk')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('version_id', '=', versionId)
      .executeTakeFirstOrThrow();
    return last.count === count;
  }

  /** Every chunk row of a version, and until when it holds, for telling the index of its end. */
  async listRowsWithEnd(versionId: VersionId): Promise<{ rows: ChunkRow[]; validToMs: number }> {
    const version = await this.#db
      .selectFrom('document_version')
      .select('valid_to_ms')
      .where('id', '=', versionId)
      .executeTakeFirst();
    const rows = await this.#rows().where('version_id', '=', versionId).execute();
    return { rows: rows.map(({ row }) => expectChunkRow(row)), validToMs: version?.valid_to_ms ?? Infinity };
  }

  #rows() {
    return this.#db.selectFrom('chunk').select('row').orderBy('row');
  }

  createDocument(document: NewDocument): Statement {
    return toStatement(
      this.#db
        .insertInto('document')
        .values({
          id: document.id,
          tenant_id: document.tenantId,
          collection_id: document.collectionId,
          source_key: document.sourceKey,
          external_id: document.externalId ?? null,
          title: document.title,
          acl_set_id: document.aclSet,
          data_class: document.dataClass,
          current_version_id: null,
          created_at_ms: document.createdAtMs,
          // Nobody sees it before its first version is whole.
          removed_at_ms: document.createdAtMs,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .compile(),
    );
  }

  /** Points a document to the version that stands for it; the title and class are that version's. */
  setCurrent(documentId: DocumentId, versionId: VersionId, externalId: string | undefined): Statement {
    const current = this.#db.selectFrom('document_version').where('id', '=', versionId);
    return toStatement(
      this.#db
        .updateTable('document')
        .set({
          current_version_id: versionId,
          title: current.select('title'),
          data_class: current.select('data_class'),
          removed_at_ms: null,
          ...(externalId !== undefined && { external_id: externalId }),
        })
        .where('id', '=', documentId)
        .compile(),
    );
  }

  /** Takes a document out of lists and answers; its history stays. */
  removeDocument(documentId: DocumentId, nowMs: number): Statement {
    const query = this.#db.updateTable('document').set({ removed_at_ms: nowMs }).where('id', '=', documentId);
    return toStatement(query.where('removed_at_ms', 'is', null).compile());
  }

  /** Holds while nobody else wrote a row of this document's history. */
  guardUnchanged(documentId: DocumentId, lastOrdinal: number): Guard {
    const query = this.#db
      .selectFrom('document_version')
      .select('id')
      .where('document_id', '=', documentId)
      .where('is_published', '=', 1)
      .where('ordinal', '>', lastOrdinal);
    const message = 'Another version of this document came in at the same time.';
    return { ...toStatement(query.compile()), expect: 'none', message };
  }

  /** Holds while nobody changed who may read the document. */
  guardAccess(documentId: DocumentId, aclSet: AclSetId): Guard {
    const query = this.#db.selectFrom('document').select('id').where('id', '=', documentId);
    const message = 'Who may read this document was changed at the same time.';
    return { ...toStatement(query.where('acl_set_id', '=', aclSet).compile()), expect: 'some', message };
  }
}
