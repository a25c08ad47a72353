import { sql, type Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import type {
  AclSetId,
  ChunkId,
  CollectionId,
  DataClass,
  Digest,
  DocumentId,
  TenantId,
  VersionId,
} from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { RagSchema } from './rag-schema.ts';

/** A row of the history of a document. */
export interface NewVersionRow {
  readonly id: VersionId;
  readonly tenantId: TenantId;
  readonly documentId: DocumentId;
  readonly collectionId: CollectionId;
  readonly ordinal: number;
  readonly edition: number;
  readonly origin: string;
  readonly blobDigest: Digest;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly title: string;
  readonly language: string;
  /** Canonical JSON. */
  readonly metadata: string;
  readonly dataClass: DataClass;
  readonly canonicalDigest: Digest;
  readonly pipelineDigest: Digest;
  readonly validFromMs: number;
  readonly validToMs: number | undefined;
  readonly statedToMs: number | undefined;
  readonly recordedFromMs: number;
}

const CHUNK_COLUMNS = [
  'tenant_id',
  'id',
  'document_id',
  'collection_id',
  'ordinal',
  'acl_set_id',
  'data_class',
  'kind',
  'heading_path',
  'page_from',
  'page_to',
  'start_offset',
  'end_offset',
  'text',
  'index_prefix',
  'token_count',
  'language',
] as const;
const KEPT_COLUMNS = [
  'tenant_id',
  'document_id',
  'edition',
  'origin',
  'blob_digest',
  'media_type',
  'size_bytes',
  'title',
  'language',
  'metadata',
  'data_class',
  'canonical_digest',
  'pipeline_digest',
  'valid_from_ms',
  'stated_to_ms',
] as const;

/** The statements that write the next part of a document's history: rows that are ended and stated anew, never changed. */
export class VersionRowStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** Throws away what an interrupted run left unpublished of this document. */
  discardUnpublished(documentId: DocumentId): Statement[] {
    const unpublished = this.#db
      .selectFrom('document_version')
      .select('id')
      .where('document_id', '=', documentId)
      .where('is_published', '=', 0);
    const chunks = this.#db.deleteFrom('chunk').where('version_id', 'in', unpublished);
    const versions = this.#db
      .deleteFrom('document_version')
      .where('document_id', '=', documentId)
      .where('is_published', '=', 0);
    return [toStatement(chunks.compile()), toStatement(versions.compile())];
  }

  /** A row of the history that nobody reads until it is published. */
  createVersion(version: NewVersionRow): Statement {
    return toStatement(
      this.#db
        .insertInto('document_version')
        .values({
          id: version.id,
          tenant_id: version.tenantId,
          document_id: version.documentId,
          ordinal: version.ordinal,
          edition: version.edition,
          origin: version.origin,
          is_published: 0,
          blob_digest: version.blobDigest,
          media_type: version.mediaType,
          size_bytes: version.sizeBytes,
          title: version.title,
          language: version.language,
          metadata: version.metadata,
          data_class: version.dataClass,
          canonical_digest: version.canonicalDigest,
          pipeline_digest: version.pipelineDigest,
          valid_from_ms: version.validFromMs,
          valid_to_ms: version.validToMs ?? null,
          stated_to_ms: version.statedToMs ?? null,
          recorded_from_ms: version.recordedFromMs,
          recorded_to_ms: null,
        })
        .compile(),
    );
  }

  /**
   * Writes a piece of packed chunks.
   * @param at.firstOrdinal of the first of them.
   * @param at.sets of the chunks that have one of their own.
   */
  createChunks(
    version: NewVersionRow,
    piece: Uint8Array,
    at: {
      readonly firstOrdinal: number;
      readonly aclSet: AclSetId;
      readonly sets: Readonly<Record<ChunkId, AclSetId>>;
    },
  ): Statement {
    const query = sql`
      INSERT INTO chunk (tenant_id, id, version_id, document_id, collection_id, ordinal, acl_set_id, data_class, kind,
        heading_path, page_from, page_to, start_offset, end_offset, text, index_prefix, token_count, language)
      SELECT ${version.tenantId}, c.value->>0, ${version.id}, ${version.documentId}, ${version.collectionId},
        c.key + ${at.firstOrdinal},
        coalesce((SELECT s.value FROM json_each(${JSON.stringify(at.sets)}) s WHERE s.key = c.value->>0), ${at.aclSet}),
        ${version.dataClass}, c.value->>1, c.value->2, c.value->>3, c.value->>4, c.value->>5, c.value->>6,
        c.value->>7, c.value->>8, c.value->>9, c.value->>10
      FROM json_each(CAST(${piece} AS TEXT)) c ORDER BY c.key`;
    return toStatement(query.compile(this.#db));
  }

  /** The chunks of one version again under another, with that one's class. */
  copyChunks(from: VersionId, to: VersionId, dataClass?: DataClass): Statement {
    const { ref } = this.#db.dynamic;
    const columns = CHUNK_COLUMNS.filter((column) => column !== 'data_class');
    const query = this.#db
      .insertInto('chunk')
      .columns(['version_id', 'data_class', ...columns])
      .expression((build) =>
        build
          .selectFrom('chunk')
          .select([
            build.val(to).as('version_id'),
            dataClass === undefined ? ref('data_class') : build.val(dataClass).as('data_class'),
            ...columns,
          ])
          .where('version_id', '=', from)
          .orderBy('ordinal'),
      );
    return toStatement(query.compile());
  }

  /** Another pipeline read the same out of the same bytes: nothing else is known, and nothing is written again. */
  renewPipeline(documentId: DocumentId, blobDigest: Digest, pipelineDigest: Digest): Statement {
    const query = this.#db
      .updateTable('document_version')
      .set({ pipeline_digest: pipelineDigest })
      .where('document_id', '=', documentId)
      .where('blob_digest', '=', blobDigest)
      .where('recorded_to_ms', 'is', null);
    return toStatement(query.compile());
  }

  publish(versionId: VersionId, recordedFromMs: number): Statement {
    const change = { is_published: 1, recorded_from_ms: recordedFromMs };
    return toStatement(
      this.#db.updateTable('document_version').set(change).where('id', '=', versionId).compile(),
    );
  }

  /** From now on something else is known. */
  endRecorded(versionId: VersionId, nowMs: number): Statement {
    const query = this.#db.updateTable('document_version').set({ recorded_to_ms: nowMs });
    return toStatement(query.where('id', '=', versionId).where('recorded_to_ms', 'is', null).compile());
  }

  /** The same text again, known from now on to hold until another time. */
  restate(
    from: VersionId,
    to: { id: VersionId; ordinal: number; validToMs: number | undefined },
    nowMs: number,
  ): Statement[] {
    const query = this.#db
      .insertInto('document_version')
      .columns([
        ...KEPT_COLUMNS,
        'id',
        'ordinal',
        'valid_to_ms',
        'recorded_from_ms',
        'recorded_to_ms',
        'is_published',
      ])
      .expression((build) =>
        build
          .selectFrom('document_version')
          .select([
            ...KEPT_COLUMNS,
            build.val(to.id).as('id'),
            build.val(to.ordinal).as('ordinal'),
            build.val(to.validToMs ?? null).as('valid_to_ms'),
            build.val(nowMs).as('recorded_from_ms'),
            build.val(null).as('recorded_to_ms'),
            build.val(1).as('is_published'),
          ])
          .where('id', '=', from),
      );
    return [toStatement(query.compile()), this.copyChunks(from, to.id)];
  }

  /** Keeps where the words of a text stand; equal bytes read by equal pipelines share it. */
  saveLayout(
    key: { tenantId: TenantId; blobDigest: Digest; pipelineDigest: Digest },
    layout: Uint8Array,
  ): Statement {
    const query = this.#db.insertInto('version_layout').values({
      tenant_id: key.tenantId,
      blob_digest: key.blobDigest,
      pipeline_digest: key.pipelineDigest,
      layout,
    });
    return toStatement(query.onConflict((conflict) => conflict.doNothing()).compile());
  }
}
