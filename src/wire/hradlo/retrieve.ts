import { z } from 'zod';
import type { AnswerScope, Evidence } from '#core/index.ts';
import { AnswerScopeFields, toScope } from '../openai/chat-completion-request.ts';

const MAX_CHARACTERS = 8_000;
const MAX_EVIDENCE = 10;

/** The body of POST /hradlo/v1/retrieve: what to look for, and where. */
export const RetrieveRequest = z.strictObject({
  question: z.string().min(1).max(MAX_CHARACTERS),
  scope: AnswerScopeFields.optional(),
  limit: z.int().min(1).max(MAX_EVIDENCE).default(MAX_EVIDENCE),
});
export type RetrieveRequest = z.infer<typeof RetrieveRequest>;

/** The body as the program has it. */
export function toRetrieveInput(body: RetrieveRequest): {
  question: string;
  scope: AnswerScope;
  limit: number;
} {
  return { question: body.question, scope: toScope(body.scope), limit: body.limit };
}

/** Chunks that were found, best first; scores compare only within one response. */
export const RetrieveResponse = z.object({
  evidence: z.array(
    z.object({
      documentId: z.string(),
      versionId: z.string(),
      collectionId: z.string(),
      chunkId: z.string(),
      title: z.string(),
      headingPath: z.array(z.string()),
      page: z.number().nullable(),
      start: z.number(),
      end: z.number(),
      text: z.string(),
      language: z.string(),
      score: z.number(),
      copies: z
        .array(
          z.object({
            documentId: z.string(),
            versionId: z.string(),
            chunkId: z.string(),
            title: z.string(),
            page: z.number().nullable(),
          }),
        )
        .describe('Passages that say the same in nearly the same words; this one stands for them.'),
    }),
  ),
});
export type RetrieveResponse = z.infer<typeof RetrieveResponse>;

/** Evidence as the response has it. */
export function toRetrieveResponse(evidence: readonly Evidence[]): RetrieveResponse {
  return {
    evidence: evidence.map(({ documentId, versionId, collectionId, chunkId, ...piece }) => ({
      documentId,
      versionId,
      collectionId,
      chunkId,
      title: piece.title,
      headingPath: [...piece.headingPath],
      page: piece.page ?? null,
      start: piece.span.start,
      end: piece.span.end,
      text: piece.text,
      language: piece.language,
      score: piece.score,
      copies: (piece.copies ?? []).map((copy) => ({ ...copy, page: copy.page ?? null })),
    })),
  };
}
