import { z } from 'zod';

const MAX_CHARACTERS = 4_000;

/** What may have been wrong with an answer. Codes, so that they can be counted and kept without a text. */
export const FEEDBACK_REASONS = [
  'wrong',
  'incomplete',
  'wrong-source',
  'outdated',
  'unclear',
  'other',
] as const;
export type FeedbackReason = (typeof FEEDBACK_REASONS)[number];

/** The body of PUT /hradlo/v1/answers/{answerId}/feedback; a later one replaces an earlier one. */
export const FeedbackRequest = z.discriminatedUnion('rating', [
  z.strictObject({ rating: z.literal('up') }),
  z.strictObject({
    rating: z.literal('down'),
    reason: z.enum(FEEDBACK_REASONS).optional(),
    correction: z
      .string()
      .trim()
      .min(1)
      .max(MAX_CHARACTERS)
      .optional()
      .describe('What would have been right; handed on with the question to those who keep the documents.'),
  }),
]);
export type FeedbackRequest = z.infer<typeof FeedbackRequest>;

/** The body of PUT /hradlo/v1/answers/{answerId}/escalation: the question is handed on, with a word added to it. */
export const EscalationRequest = z.strictObject({ text: z.string().trim().max(MAX_CHARACTERS).default('') });
