import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type CollectionId, type TenantId, type UserId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';

/** What a person may read: a collection, or a document or chunk of it of which something of its own is said. */
export interface ReviewedAccess {
  readonly userId: UserId;
  readonly collectionId: CollectionId;
  /** A document's or chunk's id; empty for the rest of the collection. */
  readonly targetId: string;
}

/** What a reviewer said of it. */
export interface ReviewMark extends ReviewedAccess {
  readonly verdict: 'keep' | 'revoke';
  readonly note: string;
  /** Of the reasons that held then: with other reasons it is to be looked at again. */
  readonly reasonsDigest: string;
  readonly reviewedAtMs: number;
  readonly reviewedBy: string;
}

/** The key of one person's access to one target. */
export function reviewKey({ userId, collectionId, targetId }: ReviewedAccess): string {
  return `${userId} ${collectionId} ${targetId}`;
}

/** Marks of access reviews. */
export class ReviewStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  /** Every mark of a tenant by `reviewKey`. */
  async list(tenantId: TenantId): Promise<ReadonlyMap<string, ReviewMark>> {
    const rows = await this.#db
      .selectFrom('access_review')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .execute();
    const marks = rows.map((row): ReviewMark => ({
      userId: expectId('user', row.user_id),
      collectionId: expectId('collection', row.collection_id),
      targetId: row.target_id,
      verdict: row.verdict === 'revoke' ? 'revoke' : 'keep',
      note: row.note,
      reasonsDigest: row.reasons_digest,
      reviewedAtMs: row.reviewed_at_ms,
      reviewedBy: row.reviewed_by,
    }));
    return new Map(marks.map((mark) => [reviewKey(mark), mark]));
  }

  /** Says it, in place of what was said before. */
  put(tenantId: TenantId, mark: ReviewMark): Statement {
    const said = {
      verdict: mark.verdict,
      note: mark.note,
      reasons_digest: mark.reasonsDigest,
      reviewed_at_ms: mark.reviewedAtMs,
      reviewed_by: mark.reviewedBy,
    };
    const query = this.#db
      .insertInto('access_review')
      .values({
        tenant_id: tenantId,
        user_id: mark.userId,
        collection_id: mark.collectionId,
        target_id: mark.targetId,
        ...said,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'user_id', 'collection_id', 'target_id']).doUpdateSet(said),
      );
    return toStatement(query.compile());
  }
}
