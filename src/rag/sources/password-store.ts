import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import type { EntryId, SourceId, TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { RagSchema } from '../rag-schema.ts';

/** Whose password it is: a file's, or every file's of a source. */
export interface PasswordOwner {
  readonly tenantId: TenantId;
  readonly sourceId: SourceId;
  readonly entryId: EntryId | undefined;
}

/** Sealed passwords of encrypted files. They go when the file or the source goes. */
export class PasswordStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** What is sealed for any of these owners, by their ids. */
  async list(owners: readonly (EntryId | SourceId)[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#db
      .selectFrom('document_password')
      .select(['owner_id', 'sealed'])
      .where('owner_id', 'in', [...owners])
      .execute();
    return new Map(rows.map((row) => [row.owner_id, row.sealed]));
  }

  /** Replaces what was kept for this owner. */
  put({ tenantId, sourceId, entryId }: PasswordOwner, sealed: string, nowMs: number): Statement {
    const query = this.#db
      .insertInto('document_password')
      .values({
        owner_id: entryId ?? sourceId,
        tenant_id: tenantId,
        source_id: sourceId,
        entry_id: entryId ?? null,
        sealed,
        created_at_ms: nowMs,
      })
      .onConflict((conflict) => conflict.column('owner_id').doUpdateSet({ sealed, created_at_ms: nowMs }));
    return toStatement(query.compile());
  }
}
