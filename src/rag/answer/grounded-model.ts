import type { ChatModel, Place } from '#contracts/index.ts';
import type { AnswerGrade, ChatDelta, ChatRequest, TenantId } from '#core/index.ts';
import { rewriteQuestion } from '../retrieval/rewrite-question.ts';
import { insufficientNote } from './answer-notes.ts';
import { groundedPrompt } from './grounded-prompt.ts';

/** Part of the context that is kept for the answer. */
const ANSWER_SHARE = 0.25;
const MARKER = /\[\d{1,3}\]/;
const REFUSAL = /^\s*(?:nedostatek informací|nedostatok informácií|not enough information)/i;

/**
 * A model that writes answers over evidence: it is given the rules and the numbered evidence, and its answer is
 * graded by whether it cites. Without evidence the model is not asked at all: it could only invent.
 */
export function createGroundedModel(inner: ChatModel): ChatModel {
  return {
    name: inner.name,
    mode: inner.mode,
    contextTokens: inner.contextTokens,
    location: inner.location,
    countTokens: (text) => inner.countTokens(text),
    ...(inner.takePlace && { takePlace: (tenantId: TenantId) => inner.takePlace!(tenantId) }),
    stream: (request, signal, place) =>
      request.evidence.length === 0 ? refuse(request, signal) : answer({ inner, request, place }, signal),
  };
}

async function* answer(
  { inner, request, place }: { inner: ChatModel; request: ChatRequest; place: Place | undefined },
  signal: AbortSignal,
): AsyncGenerator<ChatDelta> {
  const promptTokens = Math.floor((inner.contextTokens ?? Infinity) * (1 - ANSWER_SHARE));
  const budget = { promptTokens, countTokens: (text: string) => inner.countTokens(text) };
  const messages = groundedPrompt(request.messages, request.evidence, budget, request.wordings);
  let text = '';
  for await (const delta of inner.stream({ ...request, messages }, signal, place)) {
    if (delta.type === 'text-delta') text += delta.text;
    yield delta.type === 'finish' ? { ...delta, grade: gradeOf(text) } : delta;
  }
}

/** An answer that cites nothing is at most related: nobody can check it. */
function gradeOf(text: string): AnswerGrade {
  if (REFUSAL.test(text) || text.trim() === '') return 'insufficient';
  return MARKER.test(text) ? 'answered' : 'related';
}

async function* refuse(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta> {
  const text = insufficientNote(rewriteQuestion(request.messages).language, []);
  if (!signal.aborted) yield { type: 'text-delta', text };
  yield {
    type: 'finish',
    reason: signal.aborted ? 'cancelled' : 'stop',
    usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
    grade: 'insufficient',
  };
}
