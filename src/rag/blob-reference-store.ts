import type { Kysely } from 'kysely';
import type { RagSchema } from './rag-schema.ts';

/** Which blobs the documents of this installation still need. */
export class BlobReferenceStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** Those of `digests` that a version of a document was made of, in any tenant. */
  async listReferenced(digests: readonly string[]): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('document_version')
      .select('blob_digest')
      .where('blob_digest', 'in', [...digests])
      .distinct()
      .execute();
    return rows.map((row) => row.blob_digest);
  }
}
