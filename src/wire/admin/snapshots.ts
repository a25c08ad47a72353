import { z } from 'zod';

/** The body of POST /admin/v1/snapshots. */
export const SnapshotRequest = z.strictObject({
  label: z.string().max(200).default('').describe('What it is taken for.'),
});

/** A snapshot of the search index. */
export const SnapshotResponse = z.object({
  id: z.string(),
  label: z.string(),
  chunks: z.number(),
  extraBytes: z.number().describe('What it takes on disk beside the files that it shares.'),
  createdAt: z.string().describe('The time that it answers for.'),
  createdBy: z.string(),
});
export type SnapshotResponse = z.infer<typeof SnapshotResponse>;

/** Snapshots, newest first. */
export const SnapshotsResponse = z.object({ snapshots: z.array(SnapshotResponse) });
