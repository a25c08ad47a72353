import type { Kysely } from 'kysely';
import {
  expectAclSetId,
  expectChunkRow,
  expectDigest,
  expectId,
  type AclSetId,
  type AnswerId,
  type ChunkId,
  type ChunkRow,
  type Digest,
  type DocumentId,
  type TenantId,
  type VersionId,
} from '#core/index.ts';
import type { ConversationSchema } from './answer-store.ts';

/** A piece of evidence as the record names it. */
export interface RecordedEvidence {
  readonly ordinal: number;
  readonly chunkRow: ChunkRow;
  readonly chunkId: ChunkId;
  readonly versionId: VersionId;
  readonly documentId: DocumentId;
  readonly aclSet: AclSetId;
  readonly score: number;
  readonly wasCited: boolean;
}

/** Everything that the record knows of an answer; no text is in it. */
export interface RecordedAnswer {
  readonly id: AnswerId;
  readonly tenantId: TenantId;
  readonly issuer: string;
  readonly subject: string;
  readonly dialect: string;
  readonly model: string;
  readonly mode: string;
  readonly state: string;
  readonly grade: string | undefined;
  readonly errorCode: string | undefined;
  readonly ranOn: string | undefined;
  readonly release: { readonly digest: Digest; readonly manifest: string };
  readonly questionCommitment: string;
  readonly answerCommitment: string | undefined;
  readonly promptCommitment: string | undefined;
  readonly accessFingerprint: string;
  readonly aclSets: readonly AclSetId[];
  readonly validAtMs: number;
  readonly recordedAtMs: number;
  readonly dataClass: string;
  readonly createdAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | undefined;
  readonly evidence: readonly RecordedEvidence[];
}

/** An answer that rested on a version, as lineage lists it. */
export interface RestingAnswer {
  readonly answerId: AnswerId;
  readonly versionId: VersionId;
  readonly wasCited: boolean;
  readonly createdAtMs: number;
}

const MAX_RESTING = 1_000;

function toAclSets(text: string): AclSetId[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new TypeError('not a list of access sets');
  return parsed.map(expectAclSetId);
}

/** Reads the record of answers back: for certificates, lineage and replays. */
export class CertificateStore {
  readonly #db: Kysely<ConversationSchema>;
  constructor(db: Kysely<ConversationSchema>) {
    this.#db = db;
  }

  async find(tenantId: TenantId, id: AnswerId): Promise<RecordedAnswer | undefined> {
    const row = await this.#db
      .selectFrom('answer')
      .innerJoin('release', 'release.digest', 'answer.release_digest')
      .leftJoin('usage', 'usage.answer_id', 'answer.id')
      .selectAll('answer')
      .select(['release.manifest', 'usage.input_tokens', 'usage.output_tokens'])
      .where('answer.tenant_id', '=', tenantId)
      .where('answer.id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { input_tokens: inputTokens, output_tokens: outputTokens } = row;
    return {
      id,
      tenantId,
      issuer: row.issuer,
      subject: row.subject,
      dialect: row.dialect,
      model: row.model,
      mode: row.mode,
      state: row.state,
      grade: row.grade ?? undefined,
      errorCode: row.error_code ?? undefined,
      ranOn: row.ran_on ?? undefined,
      release: { digest: expectDigest(row.release_digest), manifest: row.manifest },
      questionCommitment: row.question_commitment,
      answerCommitment: row.answer_commitment ?? undefined,
      promptCommitment: row.prompt_digest ?? undefined,
      accessFingerprint: row.access_fingerprint,
      aclSets: toAclSets(row.acl_sets),
      validAtMs: row.valid_at_ms,
      recordedAtMs: row.recorded_at_ms,
      dataClass: row.data_class,
      createdAtMs: row.created_at_ms,
      endedAtMs: row.ended_at_ms ?? undefined,
      usage: inputTokens === null || outputTokens === null ? undefined : { inputTokens, outputTokens },
      evidence: await this.#listEvidence(id),
    };
  }

  async #listEvidence(id: AnswerId): Promise<RecordedEvidence[]> {
    const rows = await this.#db
      .selectFrom('answer_evidence')
      .selectAll()
      .where('answer_id', '=', id)
      .orderBy('ordinal')
      .execute();
    return rows.map((row) => ({
      ordinal: row.ordinal,
      chunkRow: expectChunkRow(row.chunk_row),
      chunkId: expectId('chunk', row.chunk_id),
      versionId: expectId('version', row.version_id),
      documentId: expectId('document', row.document_id),
      aclSet: expectAclSetId(row.acl_set_id),
      score: row.score,
      wasCited: row.was_cited === 1,
    }));
  }

  /** Answers that were given a document as evidence, newest first. */
  async listRestingOn(tenantId: TenantId, documentId: DocumentId): Promise<RestingAnswer[]> {
    const rows = await this.#db
      .selectFrom('answer_evidence')
      .innerJoin('answer', 'answer.id', 'answer_evidence.answer_id')
      .select(['answer.id', 'answer_evidence.version_id', 'answer.created_at_ms'])
      .select((select) => select.fn.max('answer_evidence.was_cited').as('was_cited'))
      .where('answer.tenant_id', '=', tenantId)
      .where('answer_evidence.document_id', '=', documentId)
      .groupBy(['answer.id', 'answer_evidence.version_id', 'answer.created_at_ms'])
      .orderBy('answer.created_at_ms', 'desc')
      .limit(MAX_RESTING)
      .execute();
    return rows.map((row) => ({
      answerId: expectId('answer', row.id),
      versionId: expectId('version', row.version_id),
      wasCited: row.was_cited === 1,
      createdAtMs: row.created_at_ms,
    }));
  }
}
