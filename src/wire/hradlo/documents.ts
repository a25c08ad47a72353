import { z } from 'zod';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write the day as YYYY-MM-DD');
const time = z.iso.datetime();
const count = z.int().min(0);

const password = z.string().min(1).max(500);

/** POST /hradlo/v1/sources: a folder of the server whose documents come into a collection. */
export const NewSourceRequest = z.strictObject({
  collection: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens')
    .describe('Name of the collection; it is made when there is none.'),
  folder: z.string().min(1).max(4096).describe('Absolute path on the server.'),
  watch: z.boolean().optional().describe('Look again whenever something changes.'),
  validFrom: day.optional().describe('Since when the documents hold, where they do not say it themselves.'),
  passwords: z
    .array(password)
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Tried on every encrypted file of the folder. Kept sealed; they take the place of earlier ones.',
    ),
});
export type NewSourceRequest = z.infer<typeof NewSourceRequest>;

const Counts = z.object({ queued: count, indexed: count, quarantined: count, failed: count });

export const SourceResponse = z.object({
  id: z.string(),
  collection: z.string(),
  kind: z.enum(['folder', 'upload']),
  location: z.string(),
  watch: z.boolean(),
  paused: z.boolean(),
  scannedAt: time.nullable(),
  files: Counts,
});
export type SourceResponse = z.infer<typeof SourceResponse>;
/** POST /hradlo/v1/uploads: a folder of somebody's own computer, whose files are sent one by one. */
export const NewUploadsRequest = z.strictObject({
  collection: NewSourceRequest.shape.collection,
  label: z.string().min(1).max(500).describe('What the folder is called: the same name is the same source.'),
  validFrom: day.optional().describe('Since when the documents hold, where they do not say it themselves.'),
  passwords: NewSourceRequest.shape.passwords,
});
export type NewUploadsRequest = z.infer<typeof NewUploadsRequest>;

/** POST /hradlo/v1/sources/{sourceId}/files: the body is the sidecar, if there is one, and then the file. */
export const FileQuery = z.object({
  path: z.string().min(1).max(1000).describe('Path of the file in the folder.'),
  sidecarBytes: z.coerce.number().int().min(0).max(65_536).default(0).describe('Length of the sidecar.'),
});

export const SourcesResponse = z.object({ sources: z.array(SourceResponse) });

/** How far a stage has come; rate and remaining time as measured over the last seconds, null while unknown. */
const Stage = z.object({
  done: count,
  total: count.nullable(),
  perSecond: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
});

/** One event of GET /hradlo/v1/sources/{sourceId}/progress. */
export const SourceProgress = z.object({
  state: z.enum(['looking', 'reading', 'paused', 'done']),
  looking: Stage,
  reading: Stage,
  pages: Stage,
  files: Counts,
  /** Files that are being read now. */
  current: z.array(z.string()),
});
export type SourceProgress = z.infer<typeof SourceProgress>;

/**
 * Why a file of a source is not in the index, as codes that stay. `encrypted` and `wrong-password` ask for a
 * password, given with another try. A job that was cut off too often names its own code, `job.` and more.
 */
export const ENTRY_REASON_CODES = [
  'encrypted',
  'wrong-password',
  'encryption-unsupported',
  'damaged',
  'too-large',
  'too-many-pages',
  'timed-out',
  'out-of-memory',
  'unsupported-type',
  'archive-bomb',
  'path-traversal',
  'external-entity',
  'empty',
  'sidecar.invalid',
  'sidecar.unknown_reader',
  'source.unreadable',
] as const;

/** A file of a source. */
export const EntryResponse = z.object({
  id: z.string(),
  path: z.string(),
  state: z.enum(['queued', 'indexed', 'quarantined', 'failed']),
  reason: z
    .object({
      code: z.string().describe(`Stays the same over versions: ${ENTRY_REASON_CODES.join(', ')}, or job.*`),
      message: z.string(),
      detail: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .nullable(),
  sizeBytes: count,
  pages: count.nullable(),
  chunks: count.nullable(),
  documentId: z.string().nullable(),
  /** Of the file and of its sidecar, as they were taken in last. */
  digest: z.string(),
  sidecarDigest: z.string().nullable(),
  updatedAt: time,
});
export type EntryResponse = z.infer<typeof EntryResponse>;
export const EntriesResponse = z.object({ entries: z.array(EntryResponse), next: z.string().nullable() });
export type EntriesResponse = z.infer<typeof EntriesResponse>;
export const EntriesQuery = z.object({
  state: EntryResponse.shape.state.optional(),
  after: z.string().max(5000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** POST /hradlo/v1/collections/{collectionId}/documents: the file is the body. */
export const UploadQuery = z.object({
  path: z.string().min(1).max(1000).describe('Path of the document in the collection.'),
  validFrom: day.optional(),
});
export const UploadResponse = z.object({ entryId: z.string(), digest: z.string(), sizeBytes: count });
export type UploadResponse = z.infer<typeof UploadResponse>;

const Labels = z.record(z.string(), z.array(z.string()));
const Version = z.object({
  id: z.string(),
  /** Number of the text; several rows of one edition say different things of the same text. */
  edition: count,
  title: z.string(),
  language: z.string(),
  mediaType: z.string(),
  sizeBytes: count,
  dataClass: z.string(),
  digest: z.string(),
  attributes: Labels,
  file: z.record(z.string(), z.string()),
  validFrom: time,
  validTo: time.nullable(),
  recordedFrom: time,
  recordedTo: time.nullable(),
});

/** GET /hradlo/v1/documents/{documentId} */
export const DocumentResponse = z.object({
  id: z.string(),
  collectionId: z.string(),
  path: z.string(),
  externalId: z.string().nullable(),
  title: z.string(),
  dataClass: z.string(),
  currentVersionId: z.string().nullable(),
  removed: z.boolean(),
  /** Newest first. */
  versions: z.array(Version),
});
export type DocumentResponse = z.infer<typeof DocumentResponse>;

const Passage = z.object({
  chunkId: z.string(),
  headingPath: z.array(z.string()),
  page: z.number().nullable(),
  start: count,
  end: count,
  text: z.string(),
});

/** GET /hradlo/v1/documents/{documentId}/changes */
export const ChangesQuery = z.object({ from: z.string(), to: z.string() });
export const ChangesResponse = z.object({
  changes: z.array(
    z.object({
      change: z.enum(['added', 'removed', 'changed']),
      before: Passage.nullable(),
      after: Passage.nullable(),
    }),
  ),
});
export type ChangesResponse = z.infer<typeof ChangesResponse>;

/** GET /hradlo/v1/documents/{documentId}/answers: who may not see all answers sees their own. */
export const DocumentAnswersResponse = z.object({
  answers: z.array(
    z.object({
      answerId: z.string(),
      versionId: z.string(),
      cited: z.boolean(),
      grade: z.string().nullable(),
      createdAt: time,
    }),
  ),
});
export type DocumentAnswersResponse = z.infer<typeof DocumentAnswersResponse>;

const Box = z.object({ page: count, box: z.array(z.number()).length(4) });

/** GET /hradlo/v1/versions/{versionId}/layout */
export const LayoutResponse = z.object({
  format: z.string(),
  pages: z.array(
    z.object({ number: count, width: z.number(), height: z.number(), ocrConfidence: z.number().nullable() }),
  ),
  outline: z.array(
    z.object({ level: count, text: z.string(), page: count.nullable(), start: count, end: count }),
  ),
  /** What stands in the file and is not in the text, and why. */
  removed: z.array(z.object({ reason: z.string(), text: z.string(), page: count.nullable() })),
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
});
export type LayoutResponse = z.infer<typeof LayoutResponse>;

/** GET /hradlo/v1/versions/{versionId}/boxes: the rectangles that mark a span, in points from the top left corner. */
export const BoxesQuery = z.object({
  start: z.coerce.number().int().min(0),
  end: z.coerce.number().int().min(0),
});
export const BoxesResponse = z.object({ boxes: z.array(Box) });
export type BoxesResponse = z.infer<typeof BoxesResponse>;

/** POST /hradlo/v1/entries/{entryId}/retry; the body may be left out. */
export const RetryRequest = z
  .strictObject({ password: password.optional().describe('Opens the file if it is encrypted. Kept sealed.') })
  .default({});

/** Header of an upload: the password of an encrypted file, percent-encoded UTF-8. */
export const FILE_PASSWORD_HEADER = 'hradlo-file-password';
