import { createHmac, createSecretKey } from 'node:crypto';
import type { Clock, Statement, Writer } from '#contracts/index.ts';
import {
  canonicalJson,
  type AnswerEvent,
  type AnswerId,
  type AnswerMode,
  type AnswerRequest,
  type AuditEvent,
  type Digest,
  type DocumentId,
  type Json,
  type NewId,
  type Principal,
} from '#core/index.ts';
import type { AnswerStore, BegunAnswer } from '#conversation/index.ts';
import type { Grant } from './answer-chat.ts';
import type { AnswerTrail } from './answer-trail.ts';
import { encodePrompt, encodeQuestion } from './prompt-record.ts';

/** Which model answers, and by which release. */
export interface AnswerTarget {
  readonly model: string;
  readonly mode: AnswerMode;
  readonly releaseDigest: Digest;
}

/** An answer's record while it is being made. */
export interface OpenRecord {
  readonly start: Extract<AnswerEvent, { type: 'answer-start' }>;
  close(trail: AnswerTrail): Promise<void>;
}

export interface RecordDeps {
  readonly writer: Writer;
  readonly answers: AnswerStore;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Keeps a text sealed under the person's key. */
  keepText(
    person: Principal,
    answerId: AnswerId,
    text: { kind: 'question' | 'answer'; text: string },
  ): Promise<Statement>;
  /** Whether one of the documents was erased meanwhile: then a text that may repeat it is not kept. */
  isErased(documents: readonly DocumentId[]): Promise<boolean>;
  /** Key of the commitments: without it a text cannot be guessed from its hash. */
  readonly commitmentKey: Uint8Array;
}

/** Opens the record of an answer: durable before it resolves, or it throws and there is no answer. */
export function createOpenRecord(deps: RecordDeps) {
  const key = createSecretKey(deps.commitmentKey);
  const commit = (text: string) => `hmac-sha256:${createHmac('sha256', key).update(text).digest('hex')}`;
  return async (request: AnswerRequest, grant: Grant): Promise<OpenRecord> => {
    const begun = begin(deps, request, grant, commit);
    const startedAtMs = deps.clock.monotonicMs();
    const question = { kind: 'question', text: encodeQuestion(request) } as const;
    const kept = await deps.keepText(request.principal, begun.id, question);
    await deps.writer.write({
      statements: [deps.answers.beginAnswer(begun), kept],
      audit: [toEvent(begun, 'answer.begun', begun.createdAtMs, accessOf(request, begun))],
    });
    const { id: answerId, model, mode, createdAtMs, releaseDigest } = begun;
    const { asOf } = grant;
    const start = { type: 'answer-start', answerId, model, mode, createdAtMs, releaseDigest } as const;
    return {
      start: { ...start, ...(asOf !== undefined && { asOf }) },
      close: (trail) =>
        close(deps, { begun, trail, commit, engineMs: deps.clock.monotonicMs() - startedAtMs }),
    };
  };
}

function begin(
  deps: RecordDeps,
  request: AnswerRequest,
  grant: Grant,
  commit: (text: string) => string,
): BegunAnswer {
  return {
    id: deps.newId('answer'),
    principal: request.principal,
    conversationId: request.conversation?.conversationId,
    dialect: request.dialect,
    ...grant.target,
    questionCommitment: commit(
      canonicalJson(request.messages.map(({ role, content }): Json => [role, content])),
    ),
    accessFingerprint: grant.access.fingerprint,
    aclSets: [...grant.access.aclSets],
    validAtMs: grant.validAtMs,
    recordedAtMs: grant.recordedAtMs,
    createdAtMs: deps.clock.nowMs(),
  };
}

interface Closing {
  readonly begun: BegunAnswer;
  readonly trail: AnswerTrail;
  readonly engineMs: number;
  commit(text: string): string;
}

async function close(deps: RecordDeps, { begun, trail, commit, engineMs }: Closing): Promise<void> {
  const endedAtMs = deps.clock.nowMs();
  const promptCommitment = trail.prompt && commit(encodePrompt(trail.prompt));
  // The record is closed even when its text cannot be kept.
  const kept = await keepAnswer(deps, begun, trail).catch(() => undefined);
  const answerCommitment = commit(trail.text);
  const { state, grade, errorCode, dataClass, evidence, citations, usage, ranOn } = trail;
  const outputBytes = Buffer.byteLength(trail.text);
  await deps.writer.write({
    isEssential: true,
    statements: [
      ...deps.answers.endAnswer(begun, {
        state,
        grade,
        errorCode,
        answerCommitment,
        promptCommitment,
        dataClass,
        evidence,
        citations,
        usage,
        ranOn,
        engineMs: Math.round(engineMs),
        outputBytes,
        endedAtMs,
      }),
      ...(kept === undefined ? [] : [kept]),
    ],
    audit: [
      toEvent(begun, 'answer.recorded', endedAtMs, {
        state,
        grade: grade ?? null,
        errorCode: errorCode ?? null,
        ranOn: ranOn ?? null,
        answer: answerCommitment,
        prompt: promptCommitment ?? null,
        isTextKept: kept !== undefined,
        verdicts: trail.verdicts,
        evidence: evidence.map((piece): Json => [piece.chunkId, piece.versionId]),
        citations: citations.map((citation): Json => [
          citation.versionId,
          citation.span.start,
          citation.span.end,
        ]),
        citationFaults: trail.faults.falseQuotes + trail.faults.unresolvedMarkers,
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
      }),
    ],
  });
}

/** What decided about reading: the sets by their digest, and the purpose where one was stated. */
function accessOf({ scope, principal }: AnswerRequest, begun: BegunAnswer): Readonly<Record<string, Json>> {
  const purpose = scope.purpose ?? principal.purpose;
  return { access: begun.accessFingerprint, ...(purpose !== undefined && { purpose }) };
}

async function keepAnswer(
  deps: RecordDeps,
  begun: BegunAnswer,
  { evidence, text }: AnswerTrail,
): Promise<Statement | undefined> {
  const documents = [...new Set(evidence.map((piece) => piece.documentId))];
  if (await deps.isErased(documents)) return undefined;
  return deps.keepText(begun.principal, begun.id, { kind: 'answer', text });
}

function toEvent(
  begun: BegunAnswer,
  kind: string,
  atMs: number,
  fields: Readonly<Record<string, Json>>,
): AuditEvent {
  const { tenantId, issuer, subject } = begun.principal;
  return {
    kind,
    tenantId,
    actor: { issuer, subject },
    atMs,
    fields: {
      ...fields,
      answerId: begun.id,
      model: begun.model,
      release: begun.releaseDigest,
      question: begun.questionCommitment,
    },
  };
}
