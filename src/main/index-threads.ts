import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { IndexClient, MAX_SEARCHERS, type IndexReply } from '#rag/index.ts';

/** A running index: one thread that writes, some that search. */
export interface RunningIndex extends AsyncDisposable {
  readonly client: IndexClient;
}

/** Threads beside the searching ones: the main loop, the writer of the database, the writer of the index. */
const OTHER_THREADS = 3;

/** How many threads search: one for each processor that the others leave, at least one. */
function searcherCount(): number {
  return Math.min(MAX_SEARCHERS, Math.max(1, availableParallelism() - OTHER_THREADS));
}

/** Starts the threads; `client.ready` resolves when the index agrees with the database. */
export function startIndexThreads(options: { databasePath: string; folder: string }): RunningIndex {
  const writer = new Worker(new URL('./index-writer-thread.ts', import.meta.url), {
    workerData: { ...options, searcher: 0 },
  });
  const searchers = Array.from(
    { length: searcherCount() },
    (_, searcher) =>
      new Worker(new URL('./index-search-thread.ts', import.meta.url), {
        workerData: { ...options, searcher },
      }),
  );
  const client = new IndexClient(writer, searchers);
  writer.on('message', (reply: IndexReply) => client.receiveFromWriter(reply));
  for (const [number, searcher] of searchers.entries()) {
    searcher.on('message', (reply: IndexReply) => client.receiveFromSearcher(number, reply));
  }
  for (const worker of [writer, ...searchers]) {
    worker.on('error', (error) => client.fail(error));
    worker.on('exit', () => client.fail(new Error('a thread of the index ended')));
  }
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      // What cannot be written now is made again from the database at the next start.
      await client.close().catch(() => undefined);
      await Promise.all([writer, ...searchers].map((worker) => worker.terminate()));
    },
  };
}
