import { queryOptions } from '@tanstack/react-query';
import { BoxesResponse, ChangesResponse, DocumentResponse } from '#wire/hradlo/index.ts';
import { send, sendJson } from './client.ts';

const LONG_MS = 5 * 60_000;
const ofVersion = (id: string) => `/hradlo/v1/versions/${encodeURIComponent(id)}`;
const ofDocument = (id: string) => `/hradlo/v1/documents/${encodeURIComponent(id)}`;

export type DocumentVersion = DocumentResponse['versions'][number];

/** A document with its versions, newest first. */
export function documentQuery(documentId: string) {
  return queryOptions({
    queryKey: ['document', documentId],
    queryFn: ({ signal }) => sendJson(DocumentResponse, ofDocument(documentId), { signal }),
    staleTime: 30_000,
  });
}

/** What changed between two versions of a document. */
export function changesQuery(documentId: string, from: string, to: string) {
  return queryOptions({
    queryKey: ['changes', documentId, from, to],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ from, to });
      const path = `${ofDocument(documentId)}/changes?${query.toString()}`;
      return (await sendJson(ChangesResponse, path, { signal })).changes;
    },
    staleTime: LONG_MS,
  });
}

/** The rectangles that mark a range of a version's text on its pages, in points from the top left corner. */
export function boxesQuery(versionId: string, range: { start: number; end: number } | undefined) {
  return queryOptions({
    queryKey: ['boxes', versionId, range?.start, range?.end],
    queryFn: async ({ signal }) => {
      if (range === undefined) return [];
      const path = `${ofVersion(versionId)}/boxes?start=${range.start}&end=${range.end}`;
      return (await sendJson(BoxesResponse, path, { signal })).boxes;
    },
    staleTime: LONG_MS,
  });
}

/** The address from which a version's own file is saved. */
export const originalPath = (versionId: string) => `${ofVersion(versionId)}/original`;

/** The file of a version, to be drawn here. */
export function originalQuery(versionId: string) {
  return queryOptions({
    queryKey: ['original', versionId],
    queryFn: async ({ signal }) => (await send(originalPath(versionId), { signal })).arrayBuffer(),
    staleTime: LONG_MS,
    gcTime: LONG_MS,
  });
}
