import {
  canonicalJson,
  type AnswerRequest,
  type ChatRequest,
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
  });
}

/** A question as it is kept sealed: what a replay needs beside the recorded evidence. */
export function encodeQuestion({ messages, sampling }: Pick<AnswerRequest, 'messages' | 'sampling'>): string {
  return canonicalJson({
    messages: messages.map(({ role, content }): Json => ({ role, content })),
    sampling: { ...sampling },
  });
}
