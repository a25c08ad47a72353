import type { Kysely } from 'kysely';
import {
  expectId,
  type AnswerId,
  type CollectionId,
  type DocumentId,
  type Principal,
  type TenantId,
  type VersionId,
} from '#core/index.ts';
import type { ConversationSchema } from './answer-store.ts';

/** That an answer was given a version of a document. */
export interface AnswerUse {
  readonly answerId: AnswerId;
  readonly versionId: VersionId;
  readonly cited: boolean;
  readonly grade: string | null;
  readonly createdAtMs: number;
}

const MAX_USES = 500;

/** When an answer for a person last rested on a document, and where the document lies. */
export interface DocumentUse {
  readonly documentId: DocumentId;
  readonly collectionId: CollectionId;
  readonly usedAtMs: number;
}

/** Which answers rest on which documents: ids, times and grades, never a text. */
export class AnswerUseStore {
  readonly #db: Kysely<ConversationSchema>;
  constructor(db: Kysely<ConversationSchema>) {
    this.#db = db;
  }

  /** Answers that were given a version of a document, newest first; only one person's where one is named. */
  async listOf(
    tenantId: TenantId,
    documentId: DocumentId,
    whose: Pick<Principal, 'issuer' | 'subject'> | undefined,
  ): Promise<AnswerUse[]> {
    let query = this.#db
      .selectFrom('answer_evidence')
      .innerJoin('answer', 'answer.id', 'answer_evidence.answer_id')
      .select(({ fn }) => [
        'answer.id',
        'answer_evidence.version_id',
        'answer.grade',
        'answer.created_at_ms',
        fn.max('answer_evidence.was_cited').as('was_cited'),
      ])
      .where('answer.tenant_id', '=', tenantId)
      .where('answer_evidence.document_id', '=', documentId);
    if (whose !== undefined) {
      query = query.where('answer.issuer', '=', whose.issuer).where('answer.subject', '=', whose.subject);
    }
    const rows = await query
      .groupBy(['answer.id', 'answer_evidence.version_id'])
      .orderBy('answer.created_at_ms', 'desc')
      .limit(MAX_USES)
      .execute();
    return rows.map((row) => ({
      answerId: expectId('answer', row.id),
      versionId: expectId('version', row.version_id),
      cited: row.was_cited === 1,
      grade: row.grade,
      createdAtMs: row.created_at_ms,
    }));
  }

  /** Every document that answers for one person rested on, with the time of the last of them. */
  async listLastUses(
    tenantId: TenantId,
    { issuer, subject }: Pick<Principal, 'issuer' | 'subject'>,
  ): Promise<DocumentUse[]> {
    const rows = await this.#db
      .selectFrom('answer')
      .innerJoin('answer_evidence', 'answer_evidence.answer_id', 'answer.id')
      .innerJoin('document', 'document.id', 'answer_evidence.document_id')
      .select(({ fn }) => [
        'answer_evidence.document_id',
        'document.collection_id',
        fn.max('answer.created_at_ms').as('used_at_ms'),
      ])
      .where('answer.tenant_id', '=', tenantId)
      .where('answer.issuer', '=', issuer)
      .where('answer.subject', '=', subject)
      .groupBy(['answer_evidence.document_id', 'document.collection_id'])
      .execute();
    return rows.map((row) => ({
      documentId: expectId('document', row.document_id),
      collectionId: expectId('collection', row.collection_id),
      usedAtMs: row.used_at_ms,
    }));
  }
}
