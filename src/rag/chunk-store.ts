import type { Kysely, Selectable } from 'kysely';
import type { IndexedChunk } from '#contracts/index.ts';
import {
  DATA_CLASSES,
  expectAclSetId,
  expectChunkRow,
  expectId,
  isMinted,
  mayRead,
  type AccessFilter,
  type ChunkRow,
  type DataClass,
  type DocumentId,
  type Evidence,
  type TenantId,
  type VersionId,
} from '#core/index.ts';
import type { RagSchema } from './rag-schema.ts';
import { parseMetadata } from './versions/version-metadata-schema.ts';

/** A part of a version's text around a cited span, for the page that shows evidence. */
export interface Passage {
  readonly title: string;
  readonly versionId: VersionId;
  readonly documentId: DocumentId;
  readonly mediaType: string;
  readonly validFromMs: number;
  readonly chunks: readonly {
    readonly headingPath: readonly string[];
    readonly page: number | undefined;
    readonly start: number;
    readonly end: number;
    readonly kind: string;
    readonly text: string;
  }[];
}

/** Rows of one version and when they stop to hold; `Infinity` while they do. */
export interface ChunkEnds {
  readonly rows: readonly ChunkRow[];
  readonly validToMs: number;
  readonly recordedToMs: number;
}

function toDataClass(value: string): DataClass {
  const found = DATA_CLASSES.find((dataClass) => dataClass === value);
  if (found === undefined) throw new TypeError('not a data class');
  return found;
}

function toHeadingPath(value: string): readonly string[] {
  const parsed: unknown = JSON.parse(value);
  if (!Array.isArray(parsed)) throw new TypeError('not a heading path');
  return parsed.map(String);
}

/** Reads chunks. What belongs to someone cannot be read without an access filter. */
export class ChunkStore {
  readonly #db: Kysely<RagSchema>;
  readonly #onForbidden: (documentId: DocumentId) => void;

  /**
   * @param onForbidden called with the document when the second check of rights catches what the first let
   * through: an alarm, unless the document's access is being changed.
   */
  constructor(db: Kysely<RagSchema>, onForbidden: (documentId: DocumentId) => void) {
    this.#db = db;
    this.#onForbidden = onForbidden;
  }

  /**
   * The chunks of these rows as evidence, in the order of `hits`. Rows that `access` may not read are left out
   * and counted as an alarm: retrieval filters before it scores, so here there must be none.
   * @throws {TypeError} when `access` was not minted by the identity module.
   */
  async listEvidence(
    hits: readonly { readonly row: ChunkRow; readonly score: number }[],
    access: AccessFilter,
  ): Promise<Evidence[]> {
    if (!isMinted(access)) throw new TypeError('an access filter must be minted');
    if (hits.length === 0) return [];
    const rows = await this.#select(access.tenantId)
      .where(
        'chunk.row',
        'in',
        hits.map((hit) => hit.row),
      )
      .execute();
    const byRow = new Map(rows.map((row) => [row.row, row]));
    return hits.flatMap((hit) => {
      const row = byRow.get(hit.row);
      if (row === undefined) return [];
      if (!mayRead(access, expectAclSetId(row.acl_set_id), expectId('collection', row.collection_id))) {
        this.#onForbidden(expectId('document', row.document_id));
        return [];
      }
      return [toEvidence(row, hit.score)];
    });
  }

  /** As `listEvidence`, of rows that a record names: what `access` may not read, or is gone, is left out. */
  async listReadable(
    hits: readonly { readonly row: ChunkRow; readonly score: number }[],
    access: AccessFilter,
  ): Promise<Evidence[]> {
    if (!isMinted(access)) throw new TypeError('an access filter must be minted');
    if (hits.length === 0 || access.aclSets.size === 0) return [];
    const rows = await this.#select(access.tenantId)
      .where(
        'chunk.row',
        'in',
        hits.map((hit) => hit.row),
      )
      .where('chunk.acl_set_id', 'in', [...access.aclSets])
      .execute();
    const byRow = new Map(rows.map((row) => [row.row, row]));
    return hits.flatMap((hit) => {
      const row = byRow.get(hit.row);
      return row === undefined ? [] : [toEvidence(row, hit.score)];
    });
  }

  /** The readable chunks of a version in order; undefined if it is unknown or unreadable, alike on purpose. */
  async readPassage(versionId: VersionId, access: AccessFilter): Promise<Passage | undefined> {
    if (!isMinted(access)) throw new TypeError('an access filter must be minted');
    const rows = await this.#select(access.tenantId)
      .where('chunk.version_id', '=', versionId)
      .where('chunk.acl_set_id', 'in', [...access.aclSets])
      .orderBy('chunk.ordinal')
      .execute();
    const [first] = rows;
    if (first === undefined) return undefined;
    return {
      title: first.title,
      versionId,
      documentId: expectId('document', first.document_id),
      mediaType: first.media_type,
      validFromMs: first.valid_from_ms,
      chunks: rows.map((row) => ({
        headingPath: toHeadingPath(row.heading_path),
        page: row.page_from ?? undefined,
        start: row.start_offset,
        end: row.end_offset,
        kind: row.kind,
        text: row.text,
      })),
    };
  }

  #select(tenantId: TenantId) {
    return this.#db
      .selectFrom('chunk')
      .innerJoin('document_version', 'document_version.id', 'chunk.version_id')
      .where('chunk.tenant_id', '=', tenantId)
      .where('document_version.is_published', '=', 1)
      .selectAll('chunk')
      .select([
        'document_version.title',
        'document_version.media_type',
        'document_version.metadata',
        'document_version.valid_from_ms',
        'document_version.valid_to_ms',
        'document_version.recorded_from_ms',
        'document_version.recorded_to_ms',
      ]);
  }
}

type ChunkRecord = Selectable<RagSchema['chunk']> &
  Pick<
    Selectable<RagSchema['document_version']>,
    'title' | 'metadata' | 'valid_from_ms' | 'valid_to_ms' | 'recorded_from_ms' | 'recorded_to_ms'
  >;

function toEvidence(row: ChunkRecord, score: number): Evidence {
  return {
    chunkRow: expectChunkRow(row.row),
    chunkId: expectId('chunk', row.id),
    versionId: expectId('version', row.version_id),
    documentId: expectId('document', row.document_id),
    collectionId: expectId('collection', row.collection_id),
    aclSet: expectAclSetId(row.acl_set_id),
    dataClass: toDataClass(row.data_class),
    title: row.title,
    headingPath: toHeadingPath(row.heading_path),
    page: row.page_from ?? undefined,
    span: { start: row.start_offset, end: row.end_offset },
    text: row.text,
    language: row.language,
    validFromMs: row.valid_from_ms,
    score,
  };
}

/** What the index wants to know of a chunk's version, beside the chunk. */
export const INDEXED_VERSION_COLUMNS = [
  'document_version.title',
  'document_version.metadata',
  'document_version.valid_from_ms',
  'document_version.valid_to_ms',
  'document_version.recorded_from_ms',
  'document_version.recorded_to_ms',
] as const;

/** A row of chunk and version as the index takes it. */
export function toIndexedChunk(row: ChunkRecord): IndexedChunk {
  return {
    row: expectChunkRow(row.row),
    chunkId: expectId('chunk', row.id),
    documentId: expectId('document', row.document_id),
    versionId: expectId('version', row.version_id),
    collectionId: expectId('collection', row.collection_id),
    aclSet: expectAclSetId(row.acl_set_id),
    language: row.language,
    title: row.title,
    headingPath: toHeadingPath(row.heading_path),
    text: row.index_prefix === '' ? row.text : `${row.index_prefix}\n${row.text}`,
    validFromMs: row.valid_from_ms,
    validToMs: row.valid_to_ms ?? Infinity,
    recordedFromMs: row.recorded_from_ms,
    recordedToMs: row.recorded_to_ms ?? Infinity,
    attributes: parseMetadata(row.metadata).attributes,
  };
}
