import { z } from 'zod';
import type { AnswerScope, Evidence } from '#core/index.ts';
import { AnswerScopeFields, toScope } from '../openai/chat-completion-request.ts';

const MAX_CHARACTERS = 8_000;
const MAX_EVIDENCE = 10;

/** The body of POST /hradlo/v1/retrieve: what to look for, and where. */
export const RetrieveRequest = z.strictObject({
  question: z.string().min(1).max(MAX_CHARACTERS),
  scope: AnswerScopeFields.optional(),
  snapshot: z
    .string()
    .max(64)
    .optional()
    .describe('Look in this snapshot of the index, as of the time it was taken.'),
  trace: z.boolean().default(false).describe('Also say why: every candidate, and what became of it.'),
  limit: z.int().min(1).max(MAX_EVIDENCE).default(MAX_EVIDENCE),
});
export type RetrieveRequest = z.infer<typeof RetrieveRequest>;

/** What to look for, and where. */
export interface RetrieveInput {
  readonly question: string;
  readonly scope: AnswerScope;
  readonly snapshot: string | undefined;
  readonly isTraced: boolean;
  readonly limit: number;
}

/** The body as the program has it. */
export function toRetrieveInput(body: RetrieveRequest): RetrieveInput {
  const { question, snapshot, trace: isTraced, limit } = body;
  return { question, scope: toScope(body.scope), snapshot, isTraced, limit };
}

const Traced = z.object({
  chunkId: z.string(),
  documentId: z.string(),
  title: z.string(),
  headingPath: z.array(z.string()),
  language: z.string(),
  tokens: z.number().describe('About so many.'),
  rank: z.number().describe('By score, from 1.'),
  score: z.number(),
  signals: z
    .record(z.string(), z.number())
    .describe(
      'Parts of the score (score = recency × (lexical + vectorWeight × vector + spellingWeight × spelling)), and the place by each. `judged`: the score that decides whether the evidence is enough, where it is another.',
    ),
  outcome: z.enum(['given', 'copy', 'redundant', 'beyond-limit', 'filtered-by-metadata']),
  copyOf: z.string().nullable().describe('The passage that stands for this copy.'),
  like: z
    .object({ chunkId: z.string(), likeness: z.number() })
    .nullable()
    .describe('Of a redundant one: the passage given that says nearly the same, and how nearly, 0 to 1.'),
});

/** Why these passages: made of what the caller may read and of nothing else. */
const RetrieveTrace = z.object({
  question: z.object({
    text: z.string().describe('As it was looked for.'),
    language: z.string(),
    stems: z.array(z.string()),
    folded: z.array(z.string()),
    grams: z.number(),
    wordings: z
      .array(
        z.object({
          text: z.string(),
          replaced: z.array(z.object({ asked: z.string(), by: z.string() })),
        }),
      )
      .describe(
        'The question in the words of synonyms; `wording` of a signal is the place in this list, from 1.',
      ),
  }),
  embedding: z
    .object({
      name: z.string(),
      digest: z.string(),
      insteadOf: z
        .string()
        .nullable()
        .describe('The chosen model, where it could not be asked and this one served instead.'),
    })
    .describe('Whose vectors were searched.'),
  filters: z.object({
    collections: z.array(z.string()).nullable(),
    validAt: z.string(),
    validAtNamedBy: z
      .enum(['request', 'question'])
      .nullable()
      .describe('Who named that time; null where it is now, or the time of the snapshot.'),
    recordedAt: z.string(),
    purpose: z.string().nullable(),
    halfLifeDays: z.number().nullable(),
    metadata: z.record(z.string(), z.unknown()),
  }),
  redundancy: z
    .object({ before: z.number(), after: z.number() })
    .describe('How much the best passages repeat each other, 0 to 1, and how much those that are given do.'),
  pieces: z.array(Traced),
});
export type RetrieveTrace = z.infer<typeof RetrieveTrace>;

/** Chunks that were found, best first; scores compare only within one response. */
export const RetrieveResponse = z.object({
  trace: RetrieveTrace.optional(),
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
export function toRetrieveResponse(evidence: readonly Evidence[], trace?: RetrieveTrace): RetrieveResponse {
  return {
    ...(trace && { trace }),
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
