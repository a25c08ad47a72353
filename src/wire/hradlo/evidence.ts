import { z } from 'zod';

/** GET /hradlo/v1/versions/{versionId}/passage: a version's text in parts, as the page shows it. */
export const PassageResponse = z.object({
  versionId: z.string(),
  documentId: z.string(),
  mediaType: z.string(),
  title: z.string(),
  validFrom: z.iso.datetime(),
  chunks: z.array(
    z.object({
      headingPath: z.array(z.string()),
      page: z.number().nullable(),
      start: z.number(),
      end: z.number(),
      kind: z.string(),
      text: z.string(),
    }),
  ),
});
export type PassageResponse = z.infer<typeof PassageResponse>;

/** GET /hradlo/v1/collections: what the asker may read. */
export const CollectionsResponse = z.object({
  collections: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      title: z.string(),
      documentCount: z.number().describe('Documents in it that the asker may read.'),
    }),
  ),
});
export type CollectionsResponse = z.infer<typeof CollectionsResponse>;

/** GET /hradlo/v1/collections/{collectionId}/documents */
export const DocumentsResponse = z.object({
  documents: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      sourceKey: z.string(),
      versionId: z.string(),
      language: z.string(),
      sizeBytes: z.number(),
      validFrom: z.iso.datetime(),
    }),
  ),
});
export type DocumentsResponse = z.infer<typeof DocumentsResponse>;
