import { z } from 'zod';

/** What is sealed of a turn. Events are kept as they were sent; who reads them knows their shape. */
export const TurnText = z.object({
  question: z.string(),
  askedAtMs: z.number(),
  model: z.string(),
  collections: z.array(z.string()).optional(),
  validAtMs: z.number().optional(),
  events: z.array(z.json()),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type TurnText = z.infer<typeof TurnText>;
