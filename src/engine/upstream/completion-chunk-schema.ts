import { z } from 'zod';

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What is read of a chunk that an engine streams; the rest is ignored, and none of it is passed on. */
export const CompletionChunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z.record(z.string(), z.unknown()).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count.nullish(),
      prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
    })
    .nullish(),
  error: z.unknown().optional(),
});
export type CompletionChunk = z.infer<typeof CompletionChunk>;
