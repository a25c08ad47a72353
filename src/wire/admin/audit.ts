import { z } from 'zod';

const time = z.iso.datetime();

/** GET /admin/v1/audit/events */
export const AuditEventsQuery = z.object({
  kind: z
    .string()
    .regex(/^[a-z]+\.[a-z_]*$/, 'a kind such as grant.added, or the beginning of some: grant.')
    .max(100)
    .optional(),
  actor: z.string().min(1).max(200).optional().describe('Subject of who did it.'),
  text: z.string().trim().min(1).max(200).optional().describe('Stands somewhere in the event: an id.'),
  from: time.optional(),
  to: time.optional().describe('Events before this time.'),
  after: z.string().max(200).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Events newest first; a page may be short although more follow: `next` is null only at the beginning of the record. */
export const AuditEventsResponse = z.object({
  events: z.array(
    z.object({
      chain: z.string(),
      sequence: z.number(),
      kind: z.string(),
      at: time,
      actor: z.object({ issuer: z.string(), subject: z.string() }),
      /** Ids, digests, decisions; never a text of somebody's. */
      fields: z.record(z.string(), z.json()),
      hash: z.string(),
    }),
  ),
  next: z.string().nullable(),
});
export type AuditEventsResponse = z.infer<typeof AuditEventsResponse>;

/** POST /admin/v1/audit/verify, and what `hradlo verify --json` prints. */
export const AuditVerifyResponse = z.object({
  /** Nothing was changed, as far as the chains and the checkpoints show. */
  isWhole: z.boolean(),
  events: z.number(),
  checkpoints: z.number(),
  /** Checkpoints whose signature does not hold. */
  badSignatures: z.number(),
  faults: z.array(
    z.object({ kind: z.string(), chainId: z.string(), sequence: z.number(), message: z.string() }),
  ),
});
export type AuditVerifyResponse = z.infer<typeof AuditVerifyResponse>;
