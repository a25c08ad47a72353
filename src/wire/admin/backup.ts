import { z } from 'zod';

/** POST /admin/v1/backups */
export const BackupResponse = z.object({
  name: z.string(),
  /** Whether the key that opens people's texts is in it: not where it lies outside the data folder. */
  hasMasterKey: z.boolean(),
});
export type BackupResponse = z.infer<typeof BackupResponse>;

/** GET /admin/v1/health */
export const HealthResponse = z.object({
  status: z.enum(['good', 'attention', 'bad']),
  attention: z.array(z.string()),
  writer: z.enum(['writing', 'full', 'stopped']),
  freeBytes: z.number(),
  audit: z.object({ chain: z.string(), events: z.number() }),
  jobs: z.object({ poisoned: z.number() }),
  backup: z.object({
    configured: z.boolean(),
    lastCopyAt: z.string().nullable(),
    safeUntil: z.string().nullable(),
    ageSeconds: z.number().nullable(),
    lastVerified: z.object({ at: z.string(), ageSeconds: z.number(), whole: z.boolean() }).nullable(),
    failure: z.string().nullable(),
  }),
});
export type HealthResponse = z.infer<typeof HealthResponse>;
