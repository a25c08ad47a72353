import type { Kysely } from 'kysely';
import type { RagSchema } from './rag-schema.ts';

/** Which blobs the documents of this installation still need. */
export class BlobReferenceStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** Those of `digests` that a version or a file of a source was made of, in any tenant. */
  async listReferenced(digests: readonly string[]): Promise<string[]> {
    const wanted = [...digests];
    const versions = this.#db
      .selectFrom('document_version')
      .innerJoin('document', 'document.id', 'document_version.document_id')
      .select('document_version.blob_digest as digest')
      .where('document_version.blob_digest', 'in', wanted)
      .where('document.erased_at_ms', 'is', null);
    const files = this.#db
      .selectFrom('source_entry')
      .select('blob_digest as digest')
      .where('blob_digest', 'in', wanted);
    const sidecars = this.#db
      .selectFrom('source_entry')
      .select((select) => select.fn.coalesce('sidecar_digest', 'blob_digest').as('digest'))
      .where('sidecar_digest', 'in', wanted);
    const rows = await versions.union(files).union(sidecars).execute();
    return rows.map((row) => row.digest);
  }
}
