import { z } from 'zod';

const Position = z.object({
  salt: z.string(),
  offset: z.number(),
  checksum: z.tuple([z.number(), z.number()]),
});

/** First line of a piece of the log. */
export const LogPieceHeadSchema = z.object({
  format: z.literal('hradlo.log/1'),
  sequence: z.number(),
  header: z.object({ pageBytes: z.number(), isLittle: z.boolean(), start: Position }),
  from: Position,
  to: Position,
  commits: z.array(z.object({ end: z.number(), atMs: z.number() })),
});

/** A copy of the database as it was at one moment, and the small files beside it. */
export const SnapshotSchema = z.object({
  format: z.literal('hradlo.snapshot/1'),
  chainId: z.string(),
  product: z.string(),
  atMs: z.number(),
  /** Pieces of the log after this one carry the copy on. */
  logSequence: z.number(),
  database: z.object({ bytes: z.number(), sha256: z.string(), chunks: z.array(z.string()) }),
  /** Names in the archive of the blobs there were. */
  blobs: z.array(z.string()),
  /** Contents of small files, in base64, by name. */
  files: z.record(z.string(), z.string()),
});
export type Snapshot = z.infer<typeof SnapshotSchema>;

/** The keys of people's texts as they are now: of these, no older copy is kept. */
export const KeysSchema = z.object({
  format: z.literal('hradlo.keys/1'),
  atMs: z.number(),
  keys: z.record(z.string(), z.string()),
});
