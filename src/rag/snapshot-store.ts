import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import type { TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { RagSchema } from './rag-schema.ts';

/** A snapshot of the search index as it is listed. */
export interface KeptSnapshot {
  readonly id: string;
  readonly label: string;
  readonly chunks: number;
  /** What it takes on disk beside the segments that it shares. */
  readonly extraBytes: number;
  /** The time that it answers for. */
  readonly createdAtMs: number;
  readonly createdBy: string;
}

/** Which snapshots a tenant took. What they hold lies beside the index. */
export class SnapshotStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** Notes a snapshot; one of the very same content keeps its first name and time. */
  put(tenantId: TenantId, snapshot: KeptSnapshot): Statement {
    const query = this.#db
      .insertInto('index_snapshot')
      .values({
        tenant_id: tenantId,
        id: snapshot.id,
        label: snapshot.label,
        chunks: snapshot.chunks,
        extra_bytes: snapshot.extraBytes,
        created_at_ms: snapshot.createdAtMs,
        created_by: snapshot.createdBy,
      })
      .onConflict((conflict) => conflict.doNothing());
    return toStatement(query.compile());
  }

  /** Newest first. */
  async list(tenantId: TenantId): Promise<KeptSnapshot[]> {
    const rows = await this.#db
      .selectFrom('index_snapshot')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .orderBy('created_at_ms', 'desc')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      label: row.label,
      chunks: row.chunks,
      extraBytes: row.extra_bytes,
      createdAtMs: row.created_at_ms,
      createdBy: row.created_by,
    }));
  }
}
