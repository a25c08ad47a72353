import { queryOptions } from '@tanstack/react-query';
import { CollectionsResponse, DocumentsResponse, PassageResponse } from '#wire/hradlo/index.ts';
import { sendJson } from './client.ts';

export type Collection = CollectionsResponse['collections'][number];
export type DocumentRow = DocumentsResponse['documents'][number];

/** Collections that the reader may read. */
export const collectionsQuery = queryOptions({
  queryKey: ['collections'],
  queryFn: async ({ signal }): Promise<readonly Collection[]> => {
    return (await sendJson(CollectionsResponse, '/hradlo/v1/collections', { signal })).collections;
  },
  staleTime: 30_000,
});

/** Documents of a collection. */
export function documentsQuery(collectionId: string) {
  return queryOptions({
    queryKey: ['documents', collectionId],
    queryFn: async ({ signal }): Promise<readonly DocumentRow[]> => {
      const path = `/hradlo/v1/collections/${encodeURIComponent(collectionId)}/documents`;
      return (await sendJson(DocumentsResponse, path, { signal })).documents;
    },
    staleTime: 30_000,
  });
}

/** The text of a version, as far as the reader may read it. A version never changes. */
export function passageQuery(versionId: string) {
  return queryOptions({
    queryKey: ['passage', versionId],
    queryFn: ({ signal }) =>
      sendJson(PassageResponse, `/hradlo/v1/versions/${encodeURIComponent(versionId)}/passage`, { signal }),
    staleTime: 5 * 60_000,
  });
}
