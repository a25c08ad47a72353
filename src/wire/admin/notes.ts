import { z } from 'zod';

/** GET /admin/v1/answer-notes */
export const NotesQuery = z.object({
  state: z.enum(['open', 'all']).default('open'),
});
export const NotesResponse = z.object({
  notes: z.array(
    z.object({
      answerId: z.string(),
      kind: z.enum(['correction', 'escalation']),
      question: z.string(),
      /** The right answer, or what the asker added to the question. */
      text: z.string(),
      /** Who asked, by the id of their account. */
      askedBy: z.string(),
      createdAt: z.string(),
      settledAt: z.string().nullable(),
    }),
  ),
});
export type NotesResponse = z.infer<typeof NotesResponse>;

/** PUT /admin/v1/answer-notes/{answerId}/{kind} */
export const SettleNoteBody = z.strictObject({ settled: z.boolean() });
