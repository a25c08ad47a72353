import type { Kysely } from 'kysely';
import type { IndexedChunk } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, type ChunkRow } from '#core/index.ts';
import { toIndexedChunk } from '../chunk-store.ts';
import type { RagSchema } from '../rag-schema.ts';
import type { ChunkState, IndexSource } from './segments/reconcile.ts';

const STATES_PER_PAGE = 5_000;

/** All chunks of all tenants, for the thread that builds the index and for nobody else: it takes no access filter. */
export class IndexSourceStore implements IndexSource {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
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
    return records.map((record) => ({
      row: expectChunkRow(record.row),
      aclSet: expectAclSetId(record.acl_set_id),
      validToMs: record.valid_to_ms ?? Infinity,
      recordedToMs: record.recorded_to_ms ?? Infinity,
    }));
  }

  async listChunks(rows: readonly ChunkRow[]): Promise<IndexedChunk[]> {
    const records = await this.#live()
      .selectAll('chunk')
      .select([
        'document_version.title',
        'document_version.metadata',
        'document_version.valid_from_ms',
        'document_version.valid_to_ms',
        'document_version.recorded_from_ms',
        'document_version.recorded_to_ms',
      ])
      .where('chunk.row', 'in', [...rows])
      .execute();
    return records.map(toIndexedChunk);
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
