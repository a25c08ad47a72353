import { z } from 'zod';

const Stage = z.object({ done: z.number(), total: z.number().nullable() });

/** A job as lists and its own address show it. */
export const JobResponse = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['queued', 'running', 'paused', 'done', 'poisoned', 'cancelled']),
  requestedBy: z.string(),
  document: z
    .object({
      title: z.string().describe('Of the document; the name of the file until it was read.'),
      versionId: z.string().nullable(),
    })
    .nullable()
    .describe('What the job reads, for those who may read it or keep its collection; null for others.'),
  priority: z.number(),
  failures: z.number(),
  interruptions: z.number(),
  progress: z.record(z.string(), Stage),
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  runAfter: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type JobResponse = z.infer<typeof JobResponse>;

export const JobsResponse = z.object({ jobs: z.array(JobResponse) });
export const JobsQuery = z.object({
  state: JobResponse.shape.state.optional(),
  kind: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
});
