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
import type { AnswerStore, BegunAnswer, EndedAnswer } from '#conversation/index.ts';
import { createCommit } from '#platform/index.ts';
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
  /** Nothing is on disk before `close`: until it resolves nobody may be told anything of the answer. */
  readonly isWrittenWhole: boolean;
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

/** What is known of an answer at its beginning, as it goes on record. */
interface Beginning {
  /** The question, sealed. */
  readonly kept: Statement;
  readonly event: AuditEvent;
}

/**
 * Opens the record of an answer. Of one that a model writes, the beginning is durable before it resolves, or it throws
 * and there is no answer. One that is quoted is whole in a few milliseconds and leaves all at once: its beginning and
 * its end are one unit, durable before its first word.
 */
export function createOpenRecord(deps: RecordDeps) {
  const commit = createCommit(deps.commitmentKey);
  return async (request: AnswerRequest, grant: Grant): Promise<OpenRecord> => {
    const begun = begin(deps, request, grant, commit);
    const startedAtMs = deps.clock.monotonicMs();
    const beginning = await beginningOf(deps, request, begun);
    const { id: answerId, model, mode, createdAtMs, releaseDigest } = begun;
    const { asOf } = grant;
    const start = { type: 'answer-start', answerId, model, mode, createdAtMs, releaseDigest } as const;
    const isWrittenWhole = mode === 'quoted';
    if (!isWrittenWhole) {
      await deps.writer.write({
        statements: [deps.answers.beginAnswer(begun), beginning.kept],
        audit: [beginning.event],
      });
    }
    const unwritten = isWrittenWhole ? beginning : undefined;
    return {
      start: { ...start, ...(asOf !== undefined && { asOf }) },
      isWrittenWhole,
      close: (trail) =>
        close(deps, { begun, unwritten, trail, commit, engineMs: deps.clock.monotonicMs() - startedAtMs }),
    };
  };
}

async function beginningOf(deps: RecordDeps, request: AnswerRequest, begun: BegunAnswer): Promise<Beginning> {
  const question = { kind: 'question', text: encodeQuestion(request) } as const;
  return {
    kept: await deps.keepText(request.principal, begun.id, question),
    event: toEvent(begun, 'answer.begun', begun.createdAtMs, accessOf(request, begun)),
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
  /** The beginning, where it is not on record yet. */
  readonly unwritten: Beginning | undefined;
  readonly trail: AnswerTrail;
  readonly engineMs: number;
  commit(text: string): string;
}

async function close(deps: RecordDeps, closing: Closing): Promise<void> {
  const { begun, unwritten, trail, engineMs } = closing;
  const ended = endOf(closing, deps.clock.nowMs(), engineMs);
  // The record is closed even when its text cannot be kept.
  const kept = await keepAnswer(deps, begun, trail).catch(() => undefined);
  const recorded = recordedEvent(closing, ended, kept !== undefined);
  const { answers, writer } = deps;
  const texts = kept === undefined ? [] : [kept];
  if (unwritten === undefined) {
    await writer.write({
      isEssential: true,
      statements: [...answers.endAnswer(begun, ended), ...texts],
      audit: [recorded],
    });
  } else {
    // Nothing was said yet, so nothing is lost where this is refused.
    await writer.write({
      statements: [...answers.recordAnswer(begun, ended), unwritten.kept, ...texts],
      audit: [unwritten.event, recorded],
    });
  }
}

function endOf({ trail, commit }: Closing, endedAtMs: number, engineMs: number): EndedAnswer {
  const { state, grade, errorCode, dataClass, evidence, citations, usage, ranOn } = trail;
  return {
    state,
    grade,
    errorCode,
    answerCommitment: commit(trail.text),
    promptCommitment: trail.prompt && commit(encodePrompt(trail.prompt)),
    dataClass,
    evidence,
    citations,
    usage,
    ranOn,
    engineMs: Math.round(engineMs),
    outputBytes: Buffer.byteLength(trail.text),
    endedAtMs,
  };
}

function recordedEvent({ begun, trail }: Closing, ended: EndedAnswer, isTextKept: boolean): AuditEvent {
  const { state, grade, errorCode, ranOn, evidence, citations, usage } = ended;
  return toEvent(begun, 'answer.recorded', ended.endedAtMs, {
    state,
    grade: grade ?? null,
    errorCode: errorCode ?? null,
    ranOn: ranOn ?? null,
    answer: ended.answerCommitment,
    prompt: ended.promptCommitment ?? null,
    isTextKept,
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
