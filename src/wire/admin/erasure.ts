import { z } from 'zod';

/** POST /admin/v1/erasures: whose questions and answers are to be gone for good. */
export const ErasureRequest = z.strictObject({
  issuer: z.string().min(1).max(200).default('hradlo'),
  subject: z.string().min(1).max(200),
  /** A number to find the request by; not a text about the person. */
  reference: z.string().max(100).default(''),
});
export const ErasureResponse = z.object({ keys: z.number() });
