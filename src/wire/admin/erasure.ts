import { z } from 'zod';

/** POST /admin/v1/erasures: whose questions and answers are to be gone for good. */
export const ErasureRequest = z.strictObject({
  issuer: z.string().min(1).max(200).default('hradlo'),
  subject: z.string().min(1).max(200),
  /** A number to find the request by; not a text about the person. */
  reference: z.string().max(100).default(''),
});
export const ErasureResponse = z.object({ keys: z.number() });

/** POST /admin/v1/document-erasures: a document that is to be gone for good. */
export const DocumentErasureRequest = z.strictObject({
  documentId: z.string().min(1).max(100),
  /** A number to find the request by; not a text. */
  reference: z.string().max(100).default(''),
});
export const DocumentErasureResponse = z.object({
  /** The document and those that came in inside its file. */
  documents: z.number(),
  /** Kept questions and answers that repeated it. */
  texts: z.number(),
  /** Files that stay, because another document is made of the same bytes. */
  sharedFiles: z.number(),
  backup: z.enum(['renewed', 'failed', 'none']),
});
export type DocumentErasureResponse = z.infer<typeof DocumentErasureResponse>;
