import { sql, type Kysely } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import {
  expectChunkRow,
  expectDigest,
  expectId,
  type ChunkRow,
  type CollectionId,
  type Digest,
  type DocumentId,
  type EntryId,
  type TenantId,
} from '#core/index.ts';
import { frequentQuery, toStatement } from '#platform/index.ts';
import type { RagSchema } from './rag-schema.ts';
import type { Source } from './sources/source-entry.ts';

/** A document as whoever erases it needs it. */
export interface ErasableDocument {
  readonly id: DocumentId;
  readonly tenantId: TenantId;
  readonly collectionId: CollectionId;
  readonly sourceKey: string;
  readonly removedAtMs: number | undefined;
  readonly erasedAtMs: number | undefined;
}

/** Where a file stands that a document was read from. */
export interface LiveFile {
  readonly entryId: EntryId;
  readonly parentId: EntryId | undefined;
  readonly kind: Source['kind'];
}

/** What joins the path of a file with the path of one inside it. */
const INSIDE = '!/';

/** Takes out of the tables what a document said and was called; ids, digests and times stay. */
export class DocumentErasureStore {
  readonly #db: Kysely<RagSchema>;
  readonly #erased;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
    // Asked with every answer. The index is named, as nearly always nothing is in it.
    this.#erased = frequentQuery(db, (ids: string) => ({
      compile: () =>
        sql<{ id: string }>`
          SELECT id FROM document INDEXED BY document_erased
          WHERE erased_at_ms IS NOT NULL AND id IN (SELECT value FROM json_each(${ids}))`.compile(db),
    }));
  }

  async find(tenantId: TenantId, id: DocumentId): Promise<ErasableDocument | undefined> {
    const row = await this.#documents()
      .where('id', '=', id)
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    return row && toErasable(row);
  }

  /** The document and those that came in inside its file, if they are not erased yet. */
  async listWithInner({ id, collectionId, sourceKey }: ErasableDocument): Promise<ErasableDocument[]> {
    const inside = `${sourceKey}${INSIDE}`;
    const rows = await this.#documents()
      .where('collection_id', '=', collectionId)
      .where('erased_at_ms', 'is', null)
      .where(({ eb, or, fn, val }) =>
        or([eb('id', '=', id), eb(fn('substr', ['source_key', val(1), val(inside.length)]), '=', inside)]),
      )
      .execute();
    return rows.map(toErasable);
  }

  /** The document of the file that this one came in inside of, if it is not erased. */
  async findOuter({ collectionId, sourceKey }: ErasableDocument): Promise<DocumentId | undefined> {
    const at = sourceKey.lastIndexOf(INSIDE);
    if (at < 0) return undefined;
    const row = await this.#documents()
      .where('collection_id', '=', collectionId)
      .where('source_key', '=', sourceKey.slice(0, at))
      .executeTakeFirst();
    return row && expectId('document', row.id);
  }

  /** Erased documents whose files and index are not clean yet. */
  async listUnfinished(): Promise<ErasableDocument[]> {
    const query = this.#documents().where('erased_at_ms', 'is not', null);
    return (await query.where('erasure_finished_at_ms', 'is', null).execute()).map(toErasable);
  }

  /** Documents that were removed before a moment, oldest first. */
  async listRemoved(beforeMs: number, limit: number): Promise<ErasableDocument[]> {
    const rows = await this.#documents()
      .where('removed_at_ms', '<=', beforeMs)
      .where('erased_at_ms', 'is', null)
      // One that is being read for the first time is not there yet; it was never removed.
      .where('current_version_id', 'is not', null)
      .orderBy('removed_at_ms')
      .limit(limit)
      .execute();
    return rows.map(toErasable);
  }

  /** Documents that were erased since a moment. */
  async listErasedSince(sinceMs: number): Promise<ErasableDocument[]> {
    return (await this.#documents().where('erased_at_ms', '>=', sinceMs).execute()).map(toErasable);
  }

  /** Which of these documents are erased. */
  async listErased(ids: readonly DocumentId[]): Promise<DocumentId[]> {
    if (ids.length === 0) return [];
    const rows = await this.#erased(JSON.stringify(ids));
    return rows.map((row) => expectId('document', row.id));
  }

  /** Any document by its id, in any tenant. */
  async findAnywhere(id: DocumentId): Promise<ErasableDocument | undefined> {
    const row = await this.#documents().where('id', '=', id).executeTakeFirst();
    return row && toErasable(row);
  }

  #documents() {
    return this.#db
      .selectFrom('document')
      .select(['id', 'tenant_id', 'collection_id', 'source_key', 'removed_at_ms', 'erased_at_ms']);
  }

  /** Files that the document is still read from. */
  async listLiveFiles(documentId: DocumentId): Promise<LiveFile[]> {
    const rows = await this.#db
      .selectFrom('source_entry')
      .innerJoin('document_source', 'document_source.id', 'source_entry.source_id')
      .select(['source_entry.id', 'source_entry.parent_id', 'document_source.kind'])
      .where('source_entry.document_id', '=', documentId)
      .execute();
    return rows.map((row) => ({
      entryId: expectId('entry', row.id),
      parentId: row.parent_id === null ? undefined : expectId('entry', row.parent_id),
      kind: row.kind === 'folder' ? 'folder' : 'upload',
    }));
  }

  /** Files of all versions, each with the last moment at which it was put for this document. */
  async listFiles(
    documentId: DocumentId,
  ): Promise<{ readonly digest: Digest; readonly lastPutMs: number }[]> {
    const rows = await this.#db
      .selectFrom('document_version')
      .select((select) => ['blob_digest', select.fn.max('recorded_from_ms').as('last_put_ms')])
      .where('document_id', '=', documentId)
      .groupBy('blob_digest')
      .execute();
    return rows.map((row) => ({
      digest: expectDigest(row.blob_digest),
      lastPutMs: row.last_put_ms,
    }));
  }

  /** Rows of all chunks of all versions. */
  async listRows(documentId: DocumentId): Promise<ChunkRow[]> {
    const rows = await this.#db
      .selectFrom('chunk')
      .select('row')
      .where('document_id', '=', documentId)
      .execute();
    return rows.map(({ row }) => expectChunkRow(row));
  }

  /** Holds while no file is there that the document is read from. */
  guardNoFile(documentId: DocumentId): Guard {
    const query = this.#db.selectFrom('source_entry').select('id').where('document_id', '=', documentId);
    const message = 'The document came in again meanwhile. Remove its file first.';
    return { ...toStatement(query.compile()), expect: 'none', message };
  }

  erase({ id, tenantId }: ErasableDocument, nowMs: number): Statement[] {
    const own = this.#db.selectFrom('document_version').select('blob_digest').where('document_id', '=', id);
    // Equal files share a layout: it stays while another document needs it.
    const others = this.#db
      .selectFrom('document_version')
      .innerJoin('document', 'document.id', 'document_version.document_id')
      .select('document_version.blob_digest')
      .where('document.tenant_id', '=', tenantId)
      .where('document.id', '!=', id)
      .where('document.erased_at_ms', 'is', null);
    const versions = this.#db.updateTable('document_version').where('document_id', '=', id);
    return [
      this.#db
        .deleteFrom('version_layout')
        .where('tenant_id', '=', tenantId)
        .where('blob_digest', 'in', own)
        .where('blob_digest', 'not in', others),
      this.#db.deleteFrom('chunk').where('document_id', '=', id),
      this.#db.deleteFrom('document_version').where('document_id', '=', id).where('is_published', '=', 0),
      versions.set({ title: '', metadata: '{}' }),
      versions.set({ recorded_to_ms: nowMs }).where('recorded_to_ms', 'is', null),
      this.#db
        .updateTable('document')
        .set((build) => ({
          // Its place is free: what comes in there later is another document.
          source_key: `erased/${id}`,
          title: '',
          external_id: null,
          current_version_id: null,
          removed_at_ms: build.fn.coalesce('removed_at_ms', build.val(nowMs)),
          erased_at_ms: nowMs,
        }))
        .where('id', '=', id),
    ].map((query) => toStatement(query.compile()));
  }

  finish(id: DocumentId, nowMs: number): Statement {
    const query = this.#db
      .updateTable('document')
      .set({ erasure_finished_at_ms: nowMs })
      .where('id', '=', id);
    return toStatement(query.compile());
  }
}

function toErasable(row: {
  id: string;
  tenant_id: string;
  collection_id: string;
  source_key: string;
  removed_at_ms: number | null;
  erased_at_ms: number | null;
}): ErasableDocument {
  return {
    id: expectId('document', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    collectionId: expectId('collection', row.collection_id),
    sourceKey: row.source_key,
    removedAtMs: row.removed_at_ms ?? undefined,
    erasedAtMs: row.erased_at_ms ?? undefined,
  };
}
