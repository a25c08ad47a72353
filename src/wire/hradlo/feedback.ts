import { z } from 'zod';

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
  z.strictObject({ rating: z.literal('down'), reason: z.enum(FEEDBACK_REASONS).optional() }),
]);
export type FeedbackRequest = z.infer<typeof FeedbackRequest>;
