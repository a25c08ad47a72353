import {
  canonicalJson,
  type AnswerRequest,
  type ChatMessage,
  type ChatRequest,
  type ChatRole,
  type Evidence,
  type Json,
} from '#core/index.ts';
import { digestOf } from '#platform/index.ts';

function encodeEvidence(piece: Evidence): Json {
  const { chunkId, versionId, span, title, headingPath, language, text } = piece;
  return {
    chunkId,
    versionId,
    span: [span.start, span.end],
    title,
    headingPath,
    language,
    text: digestOf(text),
  };
}

/** Everything that a model was given, as the bytes that the record's commitment is taken of. */
export function encodePrompt(prompt: ChatRequest): string {
  return canonicalJson({
    messages: prompt.messages.map(({ role, content }): Json => ({ role, content })),
    evidence: prompt.evidence.map(encodeEvidence),
    sampling: { ...prompt.sampling },
    collections: prompt.collections ?? null,
    // Left out where there are none: so answers from before can be made again.
    ...(prompt.wordings !== undefined && { wordings: [...prompt.wordings] }),
  });
}

const ROLES: readonly ChatRole[] = ['system', 'user', 'assistant', 'tool'];

function toMessage(value: unknown): ChatMessage {
  if (typeof value !== 'object' || value === null) throw new TypeError('not a message');
  const { role, content } = Object.fromEntries(Object.entries(value));
  const known = ROLES.find((name) => name === role);
  if (known === undefined || typeof content !== 'string') throw new TypeError('not a message');
  return { role: known, content };
}

/** Reads what `encodeQuestion` wrote. @throws {TypeError} when it is something else. */
export function decodeQuestion(text: string): Pick<AnswerRequest, 'messages' | 'sampling'> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('not a question');
  const { messages, sampling } = Object.fromEntries(Object.entries(value));
  if (!Array.isArray(messages) || typeof sampling !== 'object' || sampling === null)
    throw new TypeError('not a question');
  return { messages: messages.map(toMessage), sampling: { ...sampling } };
}

/** A question as it is kept sealed: what a replay needs beside the recorded evidence. */
export function encodeQuestion({ messages, sampling }: Pick<AnswerRequest, 'messages' | 'sampling'>): string {
  return canonicalJson({
    messages: messages.map(({ role, content }): Json => ({ role, content })),
    sampling: { ...sampling },
  });
}
