import { z } from 'zod';
import { ERROR_CODES, expectDigest } from '#core/index.ts';

/** What the process that fetches is told, once: which file, from where, to which folder. */
export const FetchOrder = z.object({
  hub: z.object({ url: z.string(), tokenFile: z.string().optional(), retryPauseMs: z.number() }),
  reference: z.object({ repository: z.string(), path: z.string(), revision: z.string() }),
  file: z.object({
    commit: z.string(),
    sizeBytes: z.number(),
    digest: z.string().transform(expectDigest),
  }),
  folder: z.string(),
});
export type FetchOrder = z.infer<typeof FetchOrder>;

/** What it says: how far it is, and once how it ended. */
export const FetchReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), doneBytes: z.number() }),
  z.object({ type: z.literal('done') }),
  z.object({
    type: z.literal('failed'),
    /** Undefined when it was no failure that a caller may meet. */
    code: z.enum(ERROR_CODES).optional(),
    message: z.string(),
  }),
]);
export type FetchReport = z.infer<typeof FetchReport>;
