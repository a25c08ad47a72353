import type { ChatModel } from '#contracts/index.ts';
import type { KeptText, RecordedAnswer } from '#conversation/index.ts';
import {
  isAppError,
  type AccessFilter,
  type AclSetId,
  type AnswerId,
  type AnswerRequest,
  type ChatRequest,
  type Digest,
  type DocumentId,
  type Evidence,
  type Principal,
  type TenantId,
} from '#core/index.ts';
import { cite, type ChosenSynonyms } from '#rag/index.ts';
import { findVisibleAnswer, type CertifyDeps } from './certify-answer.ts';
import { decodeQuestion, encodePrompt } from './prompt-record.ts';

/** What came of making an answer again. */
export interface Replay {
  readonly prompt: 'equal' | 'different' | 'not rebuilt';
  readonly answer: 'equal' | 'different' | 'not compared';
  readonly release: 'same' | 'changed';
  /** What is different, or why something could not be done; no text of question or answer. */
  readonly differences: readonly string[];
}

/** What was erased: a person, by the key that was destroyed, or a document. */
export type ErasedBy = { readonly keyId: string } | { readonly documentId: DocumentId };

export interface ReplayDeps extends Pick<CertifyDeps, 'findAnswer' | 'readText' | 'loadEvidence'> {
  /** What the answer was allowed to read when it was made. */
  recordedFilter(tenantId: TenantId, aclSets: readonly AclSetId[]): AccessFilter;
  /** The pipeline's own way from evidence to prompt. */
  assemblePrompt(
    request: Pick<AnswerRequest, 'principal' | 'sampling'>,
    messages: ChatRequest['messages'],
    evidence: readonly Evidence[],
    synonyms: ChosenSynonyms | undefined,
  ): Promise<ChatRequest>;
  /** The list of synonyms that the answer was looked for with. */
  synonymsOf(record: RecordedAnswer): Promise<ChosenSynonyms | undefined>;
  /** @throws AppError model.not_found */
  releaseFor(
    model: string,
    tenantId: TenantId,
  ): Promise<{
    readonly model: ChatModel;
    readonly releaseDigest: Digest;
    readonly manifest: string;
  }>;
  commit(text: string): string;
  /** The event of an erasure: of a person by the key that was destroyed, or of a document. */
  findErasure(by: ErasedBy): { readonly sequence: number; readonly atMs: number } | undefined;
}

/**
 * Makes an answer again: the prompt from the kept question and the recorded evidence, byte for byte, then the
 * answer with the model of today, and compares both with what was recorded. Nothing is written.
 * @throws {AppError} answer.not_found
 */
export async function replayAnswer(
  deps: ReplayDeps,
  { principal, id, signal }: { principal: Principal; id: AnswerId; signal: AbortSignal },
): Promise<Replay> {
  const record = await findVisibleAnswer(deps, principal, id);
  const kept = await deps.readText(record, 'question');
  if (kept.state !== 'kept') return notRebuilt(explain(deps, kept));
  if (record.promptCommitment === undefined) return notRebuilt('it ended before there was a prompt');
  const access = deps.recordedFilter(record.tenantId, record.aclSets);
  const evidence = await deps.loadEvidence(record, access);
  const gone = explainGone(deps, record, evidence);
  if (gone !== undefined) return notRebuilt(gone);
  const { messages, sampling } = decodeQuestion(kept.text);
  const synonyms = await deps.synonymsOf(record);
  const prompt = await deps.assemblePrompt({ principal, sampling }, messages, evidence, synonyms);
  const isEqual = deps.commit(encodePrompt(prompt)) === record.promptCommitment;
  const again = await answerAgain(deps, record, { prompt, signal });
  return {
    ...again,
    prompt: isEqual ? 'equal' : 'different',
    differences: [
      ...(isEqual
        ? []
        : ['the prompt: the question was redacted then, or prompts are put together another way now']),
      ...again.differences,
    ],
  };
}

function notRebuilt(why: string): Replay {
  return { prompt: 'not rebuilt', answer: 'not compared', release: 'same', differences: [why] };
}

function explain(deps: ReplayDeps, kept: Exclude<KeptText, { state: 'kept' }>): string {
  if (kept.state === 'gone') return 'the question is no longer kept: its time ran out';
  const event = deps.findErasure(kept.by);
  const at = new Date(kept.erasedAtMs).toISOString();
  const why = 'documentId' in kept.by ? ` with ${kept.by.documentId}, which it repeated,` : '';
  return `the question was erased${why} at ${at}${event === undefined ? '' : `, audit event ${event.sequence}`}`;
}

/** Why the prompt cannot be put together from what is still there; undefined when all of it is. */
function explainGone(
  deps: ReplayDeps,
  record: RecordedAnswer,
  evidence: readonly Evidence[],
): string | undefined {
  const gone = record.evidence.length - evidence.length;
  if (gone <= 0) return undefined;
  const there = new Set(evidence.map((piece) => piece.chunkRow));
  const missing = record.evidence.filter((piece) => !there.has(piece.chunkRow));
  const erased = [...new Set(missing.map(({ documentId }) => documentId))].flatMap((documentId) => {
    const event = deps.findErasure({ documentId });
    if (event === undefined) return [];
    return [
      `${documentId} was erased at ${new Date(event.atMs).toISOString()}, audit event ${event.sequence}`,
    ];
  });
  const count = `${gone} of ${record.evidence.length} pieces of evidence are gone`;
  return erased.length === 0 ? count : `${count}: ${erased.join('; ')}`;
}

async function answerAgain(
  deps: ReplayDeps,
  record: RecordedAnswer,
  { prompt, signal }: { prompt: ChatRequest; signal: AbortSignal },
): Promise<Omit<Replay, 'prompt'>> {
  let route: Awaited<ReturnType<ReplayDeps['releaseFor']>>;
  try {
    route = await deps.releaseFor(record.model, record.tenantId);
  } catch (error) {
    if (!isAppError(error, 'model.not_found')) throw error;
    return {
      answer: 'not compared',
      release: 'changed',
      differences: [`the model "${record.model}" is gone`],
    };
  }
  const release = route.releaseDigest === record.release.digest ? 'same' : 'changed';
  const differences = changedParts(record.release.manifest, route.manifest);
  if (record.state !== 'ended')
    return {
      answer: 'not compared',
      release,
      differences: [...differences, `the answer was ${record.state}`],
    };
  const text = await collect(route.model, prompt, signal);
  if (deps.commit(text) === record.answerCommitment) return { answer: 'equal', release, differences };
  const before = await deps.readText(record, 'answer');
  const where = before.state === 'kept' ? placeOfDifference(before.text, text) : 'the answer';
  return { answer: 'different', release, differences: [...differences, where] };
}

/** The answer's text, as the pipeline would have sent it. */
async function collect(model: ChatModel, prompt: ChatRequest, signal: AbortSignal): Promise<string> {
  let text = '';
  const faults = { unresolvedMarkers: 0, falseQuotes: 0 };
  for await (const delta of cite(model.stream(prompt, signal), prompt.evidence, faults)) {
    if (delta.type === 'text-delta') text += delta.text;
  }
  return text;
}

function placeOfDifference(before: string, now: string): string {
  let at = 0;
  while (at < before.length && before[at] === now[at]) at += 1;
  return `the answer, from character ${at + 1} on (${before.length} characters then, ${now.length} now)`;
}

/** Names of the parts of a release manifest that are not the same. */
function changedParts(before: string, now: string): string[] {
  const then: Record<string, unknown> = toRecord(JSON.parse(before));
  const today: Record<string, unknown> = toRecord(JSON.parse(now));
  return [...new Set([...Object.keys(then), ...Object.keys(today)])]
    .filter((name) => JSON.stringify(then[name]) !== JSON.stringify(today[name]))
    .toSorted()
    .map((name) => `the release: ${name}`);
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
