import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Collection } from '../../api/documents.ts';
import { openFolderSource, uploadFile, uploadFolderFile } from '../../api/uploads.ts';
import { UploadQueue, type Batch } from './upload-queue.ts';

const ARRIVED_MS = 700;

/** One for each collection: files go on while their reader looks at something else. */
const queues = new Map<string, UploadQueue>();

function createQueue({ id, name }: Collection, queries: QueryClient): UploadQueue {
  let source: Promise<string> | undefined;
  const openSource = (): Promise<string> => {
    source ??= openFolderSource(name);
    // One that could not be opened is opened with the next file.
    source.catch(() => {
      source = undefined;
    });
    return source;
  };
  return new UploadQueue({
    async send(picked, sent) {
      // A file alone is a document of its name; one with a sidecar or a folder is read by its rules.
      const isAlone = !picked.path.includes('/') && picked.sidecar === undefined;
      await (isAlone
        ? uploadFile(id, picked.file, sent)
        : uploadFolderFile(await openSource(), picked, sent));
    },
    onArrived() {
      void queries.invalidateQueries({ queryKey: ['entries', name] });
      // A short file may be read before anybody saw it wait.
      void queries.invalidateQueries({ queryKey: ['documents', id] });
      // How many there are is counted anew when somebody looks.
      void queries.invalidateQueries({ queryKey: ['collections'], refetchType: 'none' });
    },
    later: (work) => setTimeout(work, ARRIVED_MS),
  });
}

/** The files that are on their way into a collection, and what can be done with them. */
export function useUploads(collection: Collection): { readonly queue: UploadQueue; readonly batch: Batch } {
  const queries = useQueryClient();
  const queue = queues.get(collection.id) ?? createQueue(collection, queries);
  queues.set(collection.id, queue);
  return { queue, batch: useSyncExternalStore(queue.subscribe, queue.snapshot) };
}

/** Whether files are on their way anywhere: leaving the page would cut them. */
export function hasUploads(): boolean {
  return queues.values().some((queue) => queue.snapshot().files.some(({ state }) => state !== 'failed'));
}
