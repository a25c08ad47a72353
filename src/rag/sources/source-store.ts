import type { Kysely } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import {
  expectId,
  type CollectionId,
  type DocumentId,
  type EntryId,
  type SourceId,
  type TenantId,
} from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { RagSchema } from '../rag-schema.ts';
import {
  toEntry,
  toSource,
  type EntryReason,
  type EntryState,
  type Source,
  type SourceEntry,
} from './source-entry.ts';

export type NewEntry = Pick<
  SourceEntry,
  | 'id'
  | 'tenantId'
  | 'sourceId'
  | 'key'
  | 'parentId'
  | 'stamp'
  | 'sizeBytes'
  | 'blobDigest'
  | 'sidecarDigest'
  | 'pipelineDigest'
>;

/** How many files of a source stand where. */
export type EntryCounts = Readonly<Record<EntryState, number>> & {
  readonly bytesQueued: number;
  /** Of those that are in. */
  readonly pages: number;
};

/** Sources of documents and the files that were taken in from them: what a second look needs not touch. */
export class SourceStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  async find(tenantId: TenantId, id: SourceId): Promise<Source | undefined> {
    const row = await this.#sources(tenantId).where('id', '=', id).executeTakeFirst();
    return row && toSource(row);
  }

  async findAt(
    collectionId: CollectionId,
    kind: Source['kind'],
    location: string,
  ): Promise<Source | undefined> {
    const row = await this.#db
      .selectFrom('document_source')
      .selectAll()
      .where('collection_id', '=', collectionId)
      .where('kind', '=', kind)
      .where('location', '=', location)
      .executeTakeFirst();
    return row && toSource(row);
  }

  async list(tenantId: TenantId): Promise<Source[]> {
    return (
      await this.#sources(tenantId)
        .where('removed_at_ms', 'is', null)
        .orderBy('created_at_ms')
        .orderBy('id')
        .execute()
    ).map(toSource);
  }

  #sources(tenantId: TenantId) {
    return this.#db.selectFrom('document_source').selectAll().where('tenant_id', '=', tenantId);
  }

  async findEntry(tenantId: TenantId, id: EntryId): Promise<SourceEntry | undefined> {
    const row = await this.#entries()
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toEntry(row);
  }

  /** Entries of a source in the order of their keys, after a key; a page at a time. */
  async listEntries(
    sourceId: SourceId,
    filter: { readonly state?: EntryState; readonly afterKey?: string; readonly limit: number },
  ): Promise<SourceEntry[]> {
    let query = this.#entries().where('source_id', '=', sourceId);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    if (filter.afterKey !== undefined) query = query.where('key', '>', filter.afterKey);
    return (await query.orderBy('key').limit(filter.limit).execute()).map(toEntry);
  }

  /** Names of those files that are no documents yet, with their collections. */
  async listUnread(
    tenantId: TenantId,
    entryIds: readonly EntryId[],
  ): Promise<{ id: EntryId; key: string; collectionId: CollectionId }[]> {
    const rows = await this.#db
      .selectFrom('source_entry')
      .innerJoin('document_source', 'document_source.id', 'source_entry.source_id')
      .select(['source_entry.id', 'source_entry.key', 'document_source.collection_id'])
      .where('source_entry.tenant_id', '=', tenantId)
      .where('source_entry.id', 'in', [...entryIds])
      .where('source_entry.document_id', 'is', null)
      .execute();
    return rows.map((row) => ({
      id: expectId('entry', row.id),
      key: row.key,
      collectionId: expectId('collection', row.collection_id),
    }));
  }

  /** Files that were found inside this one. */
  async listChildren(parentId: EntryId): Promise<SourceEntry[]> {
    return (await this.#entries().where('parent_id', '=', parentId).orderBy('key').execute()).map(toEntry);
  }

  /** How many files were found inside a file, at any depth. */
  async countInside(sourceId: SourceId, key: string): Promise<number> {
    const row = await this.#db
      .selectFrom('source_entry')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('source_id', '=', sourceId)
      // The keys that begin with `key!/`: `0` is what follows `/`.
      .where('key', '>', `${key}!/`)
      .where('key', '<', `${key}!0`)
      .executeTakeFirst();
    return row?.count ?? 0;
  }

  #entries() {
    return this.#db.selectFrom('source_entry').selectAll();
  }

  async countEntries(sourceId: SourceId): Promise<EntryCounts> {
    const rows = await this.#db
      .selectFrom('source_entry')
      .select(({ fn }) => [
        'state',
        fn.countAll<number>().as('count'),
        fn.sum<number>('size_bytes').as('bytes'),
        fn.sum<number | null>('page_count').as('pages'),
      ])
      .where('source_id', '=', sourceId)
      .groupBy('state')
      .execute();
    const none = { count: 0, bytes: 0, pages: 0 };
    const of = (state: EntryState) => rows.find((row) => row.state === state) ?? none;
    return {
      queued: of('queued').count,
      indexed: of('indexed').count,
      quarantined: of('quarantined').count,
      failed: of('failed').count,
      bytesQueued: of('queued').bytes,
      pages: of('indexed').pages ?? 0,
    };
  }

  /** Whether a file of a source waits to be taken in. */
  async hasQueued(sourceId: SourceId): Promise<boolean> {
    const query = this.#db.selectFrom('source_entry').select('id').where('source_id', '=', sourceId);
    return (await query.where('state', '=', 'queued').executeTakeFirst()) !== undefined;
  }

  createSource(source: Source & { readonly createdAtMs: number }): Statement {
    const query = this.#db.insertInto('document_source').values({
      id: source.id,
      tenant_id: source.tenantId,
      collection_id: source.collectionId,
      kind: source.kind,
      location: source.location,
      is_watched: source.isWatched ? 1 : 0,
      valid_from_ms: source.validFromMs ?? null,
      created_at_ms: source.createdAtMs,
      scanned_at_ms: null,
      paused_at_ms: null,
      removed_at_ms: null,
    });
    return toStatement(query.onConflict((conflict) => conflict.doNothing()).compile());
  }

  changeSource(
    id: SourceId,
    change: {
      readonly isWatched?: boolean;
      readonly validFromMs?: number;
      readonly scannedAtMs?: number;
      readonly pausedAtMs?: number | null;
      readonly removedAtMs?: number;
    },
  ): Statement {
    const query = this.#db
      .updateTable('document_source')
      .set({
        id,
        ...(change.isWatched !== undefined && { is_watched: change.isWatched ? 1 : 0 }),
        ...(change.validFromMs !== undefined && { valid_from_ms: change.validFromMs }),
        ...(change.scannedAtMs !== undefined && { scanned_at_ms: change.scannedAtMs }),
        ...(change.pausedAtMs !== undefined && { paused_at_ms: change.pausedAtMs }),
        ...(change.removedAtMs !== undefined && { removed_at_ms: change.removedAtMs }),
      })
      .where('id', '=', id);
    return toStatement(query.compile());
  }

  /** The row of a source that is to go; its entries must be gone before. */
  deleteSource(id: SourceId): Statement {
    const query = this.#db.deleteFrom('document_source').where('id', '=', id);
    return toStatement(query.where('removed_at_ms', 'is not', null).compile());
  }

  /** A file that is to be taken in, new or changed; it keeps its id when it was there before. */
  queueEntry(entry: NewEntry, nowMs: number): Statement {
    const changing = {
      stamp: entry.stamp,
      size_bytes: entry.sizeBytes,
      blob_digest: entry.blobDigest,
      sidecar_digest: entry.sidecarDigest ?? null,
      pipeline_digest: entry.pipelineDigest,
      state: 'queued',
      reason_code: null,
      reason_message: null,
      reason_detail: null,
      updated_at_ms: nowMs,
    };
    const query = this.#db
      .insertInto('source_entry')
      .values({
        id: entry.id,
        tenant_id: entry.tenantId,
        source_id: entry.sourceId,
        key: entry.key,
        parent_id: entry.parentId ?? null,
        document_id: null,
        page_count: null,
        chunk_count: null,
        created_at_ms: nowMs,
        ...changing,
      })
      .onConflict((conflict) => conflict.columns(['source_id', 'key']).doUpdateSet(changing));
    return toStatement(query.compile());
  }

  /** Only the stamp is another: the bytes are the same. */
  touchEntry(id: EntryId, stamp: string, nowMs: number): Statement {
    const query = this.#db.updateTable('source_entry').set({ stamp, updated_at_ms: nowMs });
    return toStatement(query.where('id', '=', id).compile());
  }

  indexEntry(
    id: EntryId,
    done: {
      readonly documentId: DocumentId | undefined;
      readonly hasGrants: boolean;
      /** Undefined when the text was not read again. */
      readonly size: { readonly pageCount: number; readonly chunkCount: number } | undefined;
    },
    nowMs: number,
  ): Statement {
    const query = this.#db.updateTable('source_entry').set({
      state: 'indexed',
      document_id: done.documentId ?? null,
      has_grants: done.hasGrants ? 1 : 0,
      ...(done.size && { page_count: done.size.pageCount, chunk_count: done.size.chunkCount }),
      reason_code: null,
      reason_message: null,
      reason_detail: null,
      updated_at_ms: nowMs,
    });
    return toStatement(query.where('id', '=', id).compile());
  }

  /** A file that is not in the index, and why. */
  refuseEntry(
    id: EntryId,
    refused: {
      readonly state: 'quarantined' | 'failed';
      readonly reason: EntryReason;
    },
    nowMs: number,
  ): Statement {
    const query = this.#db.updateTable('source_entry').set({
      state: refused.state,
      reason_code: refused.reason.code,
      reason_message: refused.reason.message,
      reason_detail: JSON.stringify(refused.reason.detail),
      updated_at_ms: nowMs,
    });
    return toStatement(query.where('id', '=', id).compile());
  }

  /** Holds while the file is the one that was looked at: what is found in an older state of it is not kept. */
  guardSame(entry: SourceEntry): Guard {
    const query = this.#db
      .selectFrom('source_entry')
      .select('id')
      .where('id', '=', entry.id)
      .where('blob_digest', '=', entry.blobDigest)
      .where('sidecar_digest', 'is', entry.sidecarDigest ?? null);
    const message = 'The file changed while it was being read.';
    return { ...toStatement(query.compile()), expect: 'some', message };
  }

  requeueEntry(id: EntryId, nowMs: number): Statement {
    const query = this.#db.updateTable('source_entry').set({
      state: 'queued',
      reason_code: null,
      reason_message: null,
      reason_detail: null,
      updated_at_ms: nowMs,
    });
    return toStatement(query.where('id', '=', id).compile());
  }

  /** The file is gone. */
  removeEntry(id: EntryId): Statement {
    return toStatement(this.#db.deleteFrom('source_entry').where('id', '=', id).compile());
  }
}
