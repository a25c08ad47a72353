import type { Kysely } from 'kysely';
import type { IndexedChunk } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, type ChunkRow, type Digest } from '#core/index.ts';
import { INDEXED_VERSION_COLUMNS, toIndexedChunk } from '../chunk-store.ts';
import { ChunkEmbeddingStore } from '../embedding/chunk-embedding-store.ts';
import { withoutCommonPart } from '../embedding/common-part.ts';
import type { RagSchema } from '../rag-schema.ts';
import type { ChunkState, IndexSource } from './segments/reconcile.ts';

const STATES_PER_PAGE = 5_000;

/** The vectors that chunks come with. */
export interface SourceVectors {
  readonly modelDigest: Digest;
  readonly commonPart: Float32Array;
}

/** All chunks of all tenants, for the thread that builds the index and for nobody else: it takes no access filter. */
export class IndexSourceStore implements IndexSource {
  readonly #db: Kysely<RagSchema>;
  readonly #vectors: SourceVectors | undefined;

  /** @param vectors left out, chunks come without any. */
  constructor(db: Kysely<RagSchema>, vectors?: SourceVectors) {
    this.#db = db;
    this.#vectors = vectors;
  }

  async listStates(row: number): Promise<ChunkState[]> {
    const records = await this.#live()
      .select([
        'chunk.row',
        'chunk.acl_set_id',
        'document_version.valid_to_ms',
        'document_version.recorded_to_ms',
      ])
      .where('chunk.row', '>', row)
      .orderBy('chunk.row')
      .limit(STATES_PER_PAGE)
      .execute();
    const embedded = await this.#listEmbedded(row, records.at(-1)?.row ?? row);
    return records.map((record) => ({
      row: expectChunkRow(record.row),
      aclSet: expectAclSetId(record.acl_set_id),
      validToMs: record.valid_to_ms ?? Infinity,
      recordedToMs: record.recorded_to_ms ?? Infinity,
      hasVector: embedded.has(record.row),
    }));
  }

  async #listEmbedded(after: number, upTo: number): Promise<ReadonlySet<number>> {
    if (this.#vectors === undefined) return new Set();
    const rows = await this.#db
      .selectFrom('chunk_embedding')
      .select('chunk_row')
      .where('model_digest', '=', this.#vectors.modelDigest)
      .where('chunk_row', '>', after)
      .where('chunk_row', '<=', upTo)
      .execute();
    return new Set(rows.map((row) => row.chunk_row));
  }

  async listChunks(rows: readonly ChunkRow[]): Promise<IndexedChunk[]> {
    const records = await this.#live()
      .selectAll('chunk')
      .select(INDEXED_VERSION_COLUMNS)
      .where('chunk.row', 'in', [...rows])
      .execute();
    const chunks = records.map(toIndexedChunk);
    if (this.#vectors === undefined) return chunks;
    const { modelDigest, commonPart } = this.#vectors;
    const vectors = await new ChunkEmbeddingStore(this.#db).vectorsOf(modelDigest, rows);
    return chunks.map((chunk) => {
      const vector = vectors.get(chunk.row);
      return vector === undefined ? chunk : { ...chunk, vector: withoutCommonPart(vector, commonPart) };
    });
  }

  #live() {
    return (
      this.#db
        .selectFrom('chunk')
        .innerJoin('document_version', 'document_version.id', 'chunk.version_id')
        // Past versions and removed documents too, each with its end: they answer questions about the past.
        .where('document_version.is_published', '=', 1)
    );
  }
}
