import type { Kysely } from 'kysely';
import type { IndexedChunk, Statement } from '#contracts/index.ts';
import {
  expectChunkRow,
  expectDigest,
  expectId,
  type ChunkRow,
  type Digest,
  type TenantId,
} from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import { INDEXED_VERSION_COLUMNS, toIndexedChunk } from '../chunk-store.ts';
import type { RagSchema } from '../rag-schema.ts';

/** Vectors of one model over all chunks. */
export interface EmbeddingGeneration {
  readonly modelDigest: Digest;
  readonly dimensions: number;
  readonly commonPart: Float32Array;
  /** When the search went over to it; undefined until every chunk had its vector once. */
  readonly completedAtMs: number | undefined;
}

/** A chunk that waits for its vector. */
export interface BareChunk {
  readonly tenantId: TenantId;
  readonly chunk: IndexedChunk;
}

/** A chunk with the digest of its text, and the vector where it was just made. */
export interface EmbeddedChunk {
  readonly row: ChunkRow;
  readonly textDigest: Digest;
  readonly vector: Float32Array | undefined;
}

const toBytes = (vector: Float32Array): Uint8Array => new Uint8Array(vector.slice().buffer);
// Copied: what SQLite gives need not lie where a float may.
const toVector = (bytes: Uint8Array): Float32Array<ArrayBuffer> => new Float32Array(bytes.slice().buffer);

/**
 * Vectors of chunks by a chosen model, by the digest of the text. Takes no access filter: for the job that makes them
 * and the thread that builds the index of them, and for nobody else.
 */
export class ChunkEmbeddingStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  async findGeneration(model: Digest): Promise<EmbeddingGeneration | undefined> {
    const row = await this.#db
      .selectFrom('embedding_generation')
      .selectAll()
      .where('model_digest', '=', model)
      .executeTakeFirst();
    return (
      row && {
        modelDigest: expectDigest(row.model_digest),
        dimensions: row.dimensions,
        commonPart: toVector(row.common_part),
        completedAtMs: row.completed_at_ms ?? undefined,
      }
    );
  }

  async listGenerations(): Promise<Digest[]> {
    const rows = await this.#db.selectFrom('embedding_generation').select('model_digest').execute();
    return rows.map((row) => expectDigest(row.model_digest));
  }

  /** The last row that there is; 0 when there is none. */
  async lastRow(): Promise<number> {
    const row = await this.#db
      .selectFrom('chunk')
      .select((select) => select.fn.max('row').as('last'))
      .executeTakeFirst();
    return row?.last ?? 0;
  }

  /** Chunks that have a vector of the model. */
  async countEmbedded(model: Digest): Promise<number> {
    const row = await this.#db
      .selectFrom('chunk_embedding')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('model_digest', '=', model)
      .executeTakeFirst();
    return row?.count ?? 0;
  }

  /** Rows in `(after, upTo]` that count and have no vector of the model. */
  async listBareRows(model: Digest, after: number, upTo: number): Promise<ChunkRow[]> {
    const rows = await this.#db
      .selectFrom('chunk')
      .innerJoin('document_version', 'document_version.id', 'chunk.version_id')
      .select('chunk.row')
      .where('document_version.is_published', '=', 1)
      .where('chunk.row', '>', after)
      .where('chunk.row', '<=', upTo)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('chunk_embedding')
              .select('chunk_embedding.chunk_row')
              .whereRef('chunk_embedding.chunk_row', '=', 'chunk.row')
              .where('chunk_embedding.model_digest', '=', model),
          ),
        ),
      )
      .orderBy('chunk.row')
      .execute();
    return rows.map(({ row }) => expectChunkRow(row));
  }

  /** The chunks of these rows that are still there. */
  async listChunks(rows: readonly ChunkRow[]): Promise<BareChunk[]> {
    const records = await this.#db
      .selectFrom('chunk')
      .innerJoin('document_version', 'document_version.id', 'chunk.version_id')
      .selectAll('chunk')
      .select(INDEXED_VERSION_COLUMNS)
      .where('chunk.row', 'in', [...rows])
      .orderBy('chunk.row')
      .execute();
    return records.map((record) => ({
      tenantId: expectId('tenant', record.tenant_id),
      chunk: toIndexedChunk(record),
    }));
  }

  /** Which of these texts of a tenant have a vector. */
  async listKnown(model: Digest, tenantId: TenantId, texts: readonly Digest[]): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom('text_embedding')
      .select('text_digest')
      .where('model_digest', '=', model)
      .where('tenant_id', '=', tenantId)
      .where('text_digest', 'in', [...texts])
      .execute();
    return new Set(rows.map((row) => row.text_digest));
  }

  /** The vectors of those rows that have one, as the model gave them. */
  async vectorsOf(model: Digest, rows: readonly ChunkRow[]): Promise<ReadonlyMap<ChunkRow, Float32Array>> {
    const records = await this.#db
      .selectFrom('chunk_embedding')
      .innerJoin('text_embedding', 'text_embedding.id', 'chunk_embedding.text_embedding_id')
      .select(['chunk_embedding.chunk_row', 'text_embedding.vector'])
      .where('chunk_embedding.model_digest', '=', model)
      .where('chunk_embedding.chunk_row', 'in', [...rows])
      .execute();
    return new Map(records.map((row) => [expectChunkRow(row.chunk_row), toVector(row.vector)]));
  }

  /** Begins the vectors of a model. */
  createGeneration(generation: Omit<EmbeddingGeneration, 'completedAtMs'>, nowMs: number): Statement {
    return toStatement(
      this.#db
        .insertInto('embedding_generation')
        .values({
          model_digest: generation.modelDigest,
          dimensions: generation.dimensions,
          common_part: toBytes(generation.commonPart),
          created_at_ms: nowMs,
          completed_at_ms: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .compile(),
    );
  }

  /** Says that the search has gone over to the vectors of a model. */
  complete(model: Digest, nowMs: number): Statement {
    return toStatement(
      this.#db
        .updateTable('embedding_generation')
        .set({ completed_at_ms: nowMs })
        .where('model_digest', '=', model)
        .compile(),
    );
  }

  /** Keeps vectors of chunks of one tenant. A chunk that was erased meanwhile gets none, and leaves none behind. */
  save(model: Digest, tenantId: TenantId, chunks: readonly EmbeddedChunk[]): Statement[] {
    const made = chunks.flatMap(({ textDigest, vector }) =>
      vector === undefined
        ? []
        : [{ tenant_id: tenantId, model_digest: model, text_digest: textDigest, vector: toBytes(vector) }],
    );
    const inserted = this.#db
      .insertInto('text_embedding')
      .values(made)
      .onConflict((conflict) => conflict.doNothing());
    return [
      ...(made.length === 0 ? [] : [toStatement(inserted.compile())]),
      ...chunks.map((chunk) => this.#link(model, tenantId, chunk)),
      this.#dropUnlinked(model, tenantId, chunks),
    ];
  }

  #link(model: Digest, tenantId: TenantId, { row, textDigest }: EmbeddedChunk): Statement {
    const source = this.#db
      .selectFrom('chunk')
      .innerJoin('text_embedding', 'text_embedding.tenant_id', 'chunk.tenant_id')
      .select(({ val }) => [val(model).as('model_digest'), 'chunk.row', 'text_embedding.id'])
      .where('chunk.row', '=', row)
      .where('chunk.tenant_id', '=', tenantId)
      .where('text_embedding.model_digest', '=', model)
      .where('text_embedding.text_digest', '=', textDigest);
    return toStatement(
      this.#db
        .insertInto('chunk_embedding')
        .columns(['model_digest', 'chunk_row', 'text_embedding_id'])
        .expression(source)
        .onConflict((conflict) => conflict.doNothing())
        .compile(),
    );
  }

  #dropUnlinked(model: Digest, tenantId: TenantId, chunks: readonly EmbeddedChunk[]): Statement {
    const texts = [...new Set(chunks.map(({ textDigest }) => textDigest))];
    return toStatement(
      this.#db
        .deleteFrom('text_embedding')
        .where('model_digest', '=', model)
        .where('tenant_id', '=', tenantId)
        .where('text_digest', 'in', texts)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('chunk_embedding')
                .select('chunk_embedding.chunk_row')
                .whereRef('chunk_embedding.text_embedding_id', '=', 'text_embedding.id'),
            ),
          ),
        )
        .compile(),
    );
  }

  /** Deletes vectors of a model, so many at most. */
  deleteSome(model: Digest, limit: number): Statement {
    const some = this.#db
      .selectFrom('text_embedding')
      .select('id')
      .where('model_digest', '=', model)
      .limit(limit);
    return toStatement(this.#db.deleteFrom('text_embedding').where('id', 'in', some).compile());
  }

  /** Forgets a model none of whose vectors is left. */
  deleteGeneration(model: Digest): Statement {
    return toStatement(
      this.#db.deleteFrom('embedding_generation').where('model_digest', '=', model).compile(),
    );
  }
}
