import { queryOptions } from '@tanstack/react-query';
import { EntriesResponse, SourcesResponse, UploadResponse } from '#wire/hradlo/index.ts';
import { sendJson, sendFile } from './client.ts';

export type Entry = EntriesResponse['entries'][number];

/** Uploads a file into a collection; resolves when the server has it, before it is read. */
export function uploadFile(collectionId: string, file: File): Promise<UploadResponse> {
  const query = new URLSearchParams({ path: file.name });
  const path = `/hradlo/v1/collections/${encodeURIComponent(collectionId)}/documents?${query.toString()}`;
  return sendFile(UploadResponse, path, file);
}

const POLL_MS = 1_500;
const MOST_ENTRIES = 1_000;

/** What came into a collection by upload and is not an answerable document yet, or was put aside. */
export function entriesQuery(collection: string, isEnabled: boolean) {
  return queryOptions({
    queryKey: ['entries', collection],
    enabled: isEnabled,
    queryFn: async ({ signal }): Promise<readonly Entry[]> => {
      const { sources } = await sendJson(SourcesResponse, '/hradlo/v1/sources', { signal });
      const own = sources.filter((source) => source.collection === collection);
      const lists = await Promise.all(
        own.map((source) =>
          sendJson(EntriesResponse, `/hradlo/v1/sources/${source.id}/entries?limit=${MOST_ENTRIES}`, {
            signal,
          }),
        ),
      );
      return lists.flatMap((list) => list.entries).filter((entry) => entry.state !== 'indexed');
    },
    // While something is being read, it is looked at again; else not.
    refetchInterval: (query) =>
      query.state.data?.some((entry) => entry.state === 'queued') === true ? POLL_MS : false,
  });
}
