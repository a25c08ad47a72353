import { queryOptions } from '@tanstack/react-query';
import { EntriesResponse, SourceResponse, SourcesResponse, UploadResponse } from '#wire/hradlo/index.ts';
import { sendJson } from './client.ts';
import { sendFile } from './send-file.ts';

export type Entry = EntriesResponse['entries'][number];

/** How much of a file has gone out, and the way to stop it. */
type Sent = Parameters<typeof sendFile>[2];

/** Uploads a file into a collection; resolves when the server has it, before it is read. @throws {ApiError} */
export function uploadFile(collectionId: string, file: File, sent: Sent): Promise<UploadResponse> {
  const query = new URLSearchParams({ path: file.name });
  const path = `/hradlo/v1/collections/${encodeURIComponent(collectionId)}/documents?${query.toString()}`;
  return sendFile(UploadResponse, { path, file }, sent);
}

/** Folders that come in by this page are one source of a collection: a path that comes again is a new version. */
const LABEL = 'page';

/** Opens the source that folders of a collection come in by. @throws {ApiError} */
export async function openFolderSource(collection: string): Promise<string> {
  const body = { collection, label: LABEL };
  return (await sendJson(SourceResponse, '/hradlo/v1/uploads', { method: 'POST', body })).id;
}

/** Sends a file of a folder with what stands beside it. @throws {ApiError} */
export function uploadFolderFile(
  sourceId: string,
  {
    file,
    path: name,
    sidecar,
  }: { readonly file: File; readonly path: string; readonly sidecar: File | undefined },
  sent: Sent,
): Promise<UploadResponse> {
  const query = new URLSearchParams({ path: name, sidecarBytes: String(sidecar?.size ?? 0) });
  const path = `/hradlo/v1/sources/${encodeURIComponent(sourceId)}/files?${query.toString()}`;
  return sendFile(
    UploadResponse,
    { path, file: sidecar === undefined ? file : new Blob([sidecar, file]) },
    sent,
  );
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
