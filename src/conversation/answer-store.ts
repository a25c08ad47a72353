import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import type {
  AnswerGrade,
  AnswerId,
  AnswerMode,
  Citation,
  DataClass,
  Digest,
  Evidence,
  Principal,
  Usage,
} from '#core/index.ts';
import { frequentStatement, insertRows, toStatement } from '#platform/index.ts';

/** Columns of the tables that this module owns. */
export interface ConversationSchema {
  document: { id: string; collection_id: string };
  release: { digest: string; manifest: string; created_at_ms: number };
  answer: {
    id: string;
    tenant_id: string;
    issuer: string;
    subject: string;
    conversation_id: string | null;
    key_id: string | null;
    dialect: string;
    model: string;
    mode: string;
    release_digest: string;
    release_key: string;
    state: string;
    grade: string | null;
    error_code: string | null;
    ran_on: string | null;
    question_commitment: string;
    answer_commitment: string | null;
    prompt_digest: string | null;
    access_fingerprint: string;
    acl_sets: string;
    valid_at_ms: number;
    recorded_at_ms: number;
    data_class: string;
    retention_class: string;
    evaluation_snapshot_id: string | null;
    created_at_ms: number;
    ended_at_ms: number | null;
  };
  answer_evidence: {
    answer_id: string;
    ordinal: number;
    chunk_row: number;
    chunk_id: string;
    version_id: string;
    document_id: string;
    acl_set_id: number;
    score: number;
    was_cited: number;
  };
  usage: {
    answer_id: string;
    tenant_id: string;
    issuer: string;
    subject: string;
    key_id: string | null;
    model: string;
    input_tokens: number;
    output_tokens: number;
    cached_input_tokens: number;
    engine_ms: number;
    output_bytes: number;
    created_at_ms: number;
  };
  answer_outcome: {
    answer_id: string;
    tenant_id: string;
    citation_count: number;
    was_refused: number;
    feedback: string | null;
    escalated_at_ms: number | null;
    asked_again_at_ms: number | null;
    updated_at_ms: number;
  };
}

/** What is known of an answer before its first word. Commitments are keyed hashes: no text is here. */
export interface BegunAnswer {
  readonly id: AnswerId;
  readonly principal: Principal;
  readonly conversationId: string | undefined;
  readonly dialect: string;
  readonly model: string;
  readonly mode: AnswerMode;
  readonly releaseDigest: Digest;
  readonly questionCommitment: string;
  readonly accessFingerprint: string;
  readonly aclSets: readonly number[];
  readonly validAtMs: number;
  readonly recordedAtMs: number;
  readonly createdAtMs: number;
}

/** What is known once it ended, one way or another. */
export interface EndedAnswer {
  readonly state: 'ended' | 'failed' | 'cancelled';
  readonly grade: AnswerGrade | undefined;
  readonly errorCode: string | undefined;
  /** Where it ran; undefined when no model was asked. */
  readonly ranOn: string | undefined;
  readonly answerCommitment: string;
  /** Commitment to what the model was given; undefined when it was given nothing. */
  readonly promptCommitment: string | undefined;
  readonly dataClass: DataClass;
  readonly evidence: readonly Evidence[];
  readonly citations: readonly Citation[];
  readonly usage: Usage;
  readonly engineMs: number;
  readonly outputBytes: number;
  readonly endedAtMs: number;
}

const ONCE = 'on conflict ("answer_id") do nothing';

const keyIdOf = ({ authentication }: Principal) =>
  authentication.kind === 'api-key' ? authentication.keyId : null;

/** The record of answers: one row each, with its evidence, usage and outcome. */
export class AnswerStore {
  readonly #db: Kysely<ConversationSchema>;
  readonly #end;
  constructor(db: Kysely<ConversationSchema>) {
    this.#db = db;
    this.#end = frequentStatement(({ id, ...row }: ReturnType<typeof endedRow>) =>
      db.updateTable('answer').set(row).where('id', '=', id),
    );
  }

  /** A release's manifest, unless it is there. */
  createRelease(digest: Digest, manifest: string, nowMs: number): Statement {
    return toStatement(
      this.#db
        .insertInto('release')
        .values({ digest, manifest, created_at_ms: nowMs })
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .compile(),
    );
  }

  /** The beginning of an answer's record; `endAnswer` closes it. */
  beginAnswer(begun: BegunAnswer): Statement {
    return insertRows('answer', [begunRow(begun)]);
  }

  /** Records an answer as a whole, once it ended. */
  recordAnswer(begun: BegunAnswer, ended: EndedAnswer): Statement[] {
    const row: ConversationSchema['answer'] = { ...begunRow(begun), ...endedRow(begun, ended) };
    return [insertRows('answer', [row]), ...this.#createParts(begun, ended)];
  }

  /** Whether an answer is this person's own. */
  async isOwn(answerId: AnswerId, principal: Principal): Promise<boolean> {
    const row = await this.#db
      .selectFrom('answer')
      .select('id')
      .where('id', '=', answerId)
      .where('tenant_id', '=', principal.tenantId)
      .where('issuer', '=', principal.issuer)
      .where('subject', '=', principal.subject)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** What the asker thinks of an answer that ended: `up`, `down` or `down:<reason>`. */
  rateAnswer(answerId: AnswerId, feedback: string, nowMs: number): Statement {
    return toStatement(
      this.#db
        .updateTable('answer_outcome')
        .set({ feedback, updated_at_ms: nowMs })
        .where('answer_id', '=', answerId)
        .compile(),
    );
  }

  /** The asker handed the question on. */
  escalateAnswer(answerId: AnswerId, nowMs: number): Statement {
    const query = this.#db
      .updateTable('answer_outcome')
      .set({ escalated_at_ms: nowMs, updated_at_ms: nowMs })
      .where('answer_id', '=', answerId);
    return toStatement(query.compile());
  }

  /** Closes the record: the answer's end, its evidence, its usage, its outcome. */
  endAnswer(begun: BegunAnswer, ended: EndedAnswer): Statement[] {
    return [this.#end(endedRow(begun, ended)), ...this.#createParts(begun, ended)];
  }

  #createParts(begun: BegunAnswer, ended: EndedAnswer): Statement[] {
    return [
      ...this.#createEvidence(begun, ended),
      this.#createUsage(begun, ended),
      this.#createOutcome(begun, ended),
    ];
  }

  #createEvidence(begun: BegunAnswer, ended: EndedAnswer): Statement[] {
    const cited = new Set(ended.citations.map((citation) => `${citation.versionId} ${citation.chunkId}`));
    const [first, ...others] = ended.evidence.map((piece, ordinal) => ({
      answer_id: begun.id,
      ordinal,
      chunk_row: piece.chunkRow,
      chunk_id: piece.chunkId,
      version_id: piece.versionId,
      document_id: piece.documentId,
      acl_set_id: piece.aclSet,
      score: piece.score,
      was_cited: cited.has(`${piece.versionId} ${piece.chunkId}`) ? 1 : 0,
    }));
    if (first === undefined) return [];
    return [insertRows<ConversationSchema['answer_evidence']>('answer_evidence', [first, ...others])];
  }

  #createUsage(begun: BegunAnswer, ended: EndedAnswer): Statement {
    const row: ConversationSchema['usage'] = {
      answer_id: begun.id,
      tenant_id: begun.principal.tenantId,
      issuer: begun.principal.issuer,
      subject: begun.principal.subject,
      key_id: keyIdOf(begun.principal),
      model: begun.model,
      input_tokens: ended.usage.inputTokens,
      output_tokens: ended.usage.outputTokens,
      cached_input_tokens: ended.usage.cachedInputTokens,
      engine_ms: ended.engineMs,
      output_bytes: ended.outputBytes,
      created_at_ms: ended.endedAtMs,
    };
    // Closing twice, as after a retry, must not count tokens twice.
    return insertRows('usage', [row], ONCE);
  }

  #createOutcome(begun: BegunAnswer, ended: EndedAnswer): Statement {
    const row: ConversationSchema['answer_outcome'] = {
      answer_id: begun.id,
      tenant_id: begun.principal.tenantId,
      citation_count: ended.citations.length,
      was_refused: ended.grade === 'insufficient' ? 1 : 0,
      feedback: null,
      escalated_at_ms: null,
      asked_again_at_ms: null,
      updated_at_ms: ended.endedAtMs,
    };
    return insertRows('answer_outcome', [row], ONCE);
  }
}

function begunRow(answer: BegunAnswer): ConversationSchema['answer'] {
  const { principal } = answer;
  return {
    id: answer.id,
    tenant_id: principal.tenantId,
    issuer: principal.issuer,
    subject: principal.subject,
    conversation_id: answer.conversationId ?? null,
    key_id: keyIdOf(principal),
    dialect: answer.dialect,
    model: answer.model,
    mode: answer.mode,
    release_digest: answer.releaseDigest,
    release_key: principal.subject,
    state: 'begun',
    grade: null,
    error_code: null,
    ran_on: null,
    question_commitment: answer.questionCommitment,
    answer_commitment: null,
    prompt_digest: null,
    access_fingerprint: answer.accessFingerprint,
    acl_sets: JSON.stringify(answer.aclSets),
    valid_at_ms: answer.validAtMs,
    recorded_at_ms: answer.recordedAtMs,
    data_class: 'public',
    retention_class: 'default',
    evaluation_snapshot_id: null,
    created_at_ms: answer.createdAtMs,
    ended_at_ms: null,
  };
}

function endedRow({ id }: BegunAnswer, ended: EndedAnswer) {
  return {
    state: ended.state,
    grade: ended.grade ?? null,
    error_code: ended.errorCode ?? null,
    ran_on: ended.ranOn ?? null,
    answer_commitment: ended.answerCommitment,
    prompt_digest: ended.promptCommitment ?? null,
    data_class: ended.dataClass,
    ended_at_ms: ended.endedAtMs,
    id,
  };
}
