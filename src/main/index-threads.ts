import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { IndexClient, MAX_SEARCHERS, type IndexReply } from '#rag/index.ts';
import type { IndexThreadOptions, StoredVectors } from './index-protocol.ts';

/** A running index: one thread that writes, some that search. One that ends is started anew. */
export interface RunningIndex extends AsyncDisposable {
  readonly client: IndexClient;
  /** The threads as they are now: the one that writes, then those that search. */
  threads(): readonly Worker[];
}

export interface IndexThreadsOptions {
  readonly databasePath: string;
  readonly folder: string;
  /** Vectors that lie in the database; those of the built-in table without. */
  readonly vectors?: StoredVectors;
  /** Told to the thread that writes: its work gives way to answers. */
  readonly foreground: SharedArrayBuffer;
  readonly monotonicMs: () => number;
  /** Told of a thread that ended and was started anew, and of merging that failed and is tried again. */
  onTrouble(error: Error): void;
}

/** Threads beside the searching ones: the main loop, the writer of the database, the writer of the index. */
const OTHER_THREADS = 3;
/** Threads that end more often than this within the time have a fault that starting anew does not mend. */
const MAX_ENDS = 6;
const ENDS_WITHIN_MS = 60_000;

/** How many threads search: one for each processor that the others leave, at least one. */
function searcherCount(): number {
  return Math.min(MAX_SEARCHERS, Math.max(1, availableParallelism() - OTHER_THREADS));
}

/** Starts the threads; `client.ready` resolves when the index agrees with the database. */
export function startIndexThreads(options: IndexThreadsOptions): RunningIndex {
  const { databasePath, folder, vectors, foreground, monotonicMs, onTrouble } = options;
  const searchers = searcherCount();
  const endedAtMs: number[] = [];
  let isClosing = false;
  const start = (number: number): Worker => {
    const script =
      number === 0
        ? new URL('./index-writer-thread.ts', import.meta.url)
        : new URL('./index-search-thread.ts', import.meta.url);
    const searcher = Math.max(0, number - 1);
    const workerData: IndexThreadOptions = { databasePath, folder, searcher, vectors, foreground };
    const worker = new Worker(script, { workerData });
    worker.on('message', (reply: IndexReply) => {
      if (number === 0) client.receiveFromWriter(reply);
      else client.receiveFromSearcher(number - 1, reply);
    });
    let cause = new Error('a thread of the index ended');
    worker.on('error', (error) => (cause = error));
    worker.on('exit', () => !isClosing && replace(number, cause));
    return worker;
  };
  const replace = (number: number, cause: Error): void => {
    const nowMs = monotonicMs();
    endedAtMs.push(nowMs);
    onTrouble(cause);
    if (endedAtMs.filter((atMs) => nowMs - atMs < ENDS_WITHIN_MS).length > MAX_ENDS) {
      client.fail(cause);
      return;
    }
    const worker = (threads[number] = start(number));
    if (number === 0) client.replaceWriter(worker);
    else client.replaceSearcher(number - 1, worker);
  };
  const threads = Array.from({ length: searchers + 1 }, (_, number) => start(number));
  const [writer, ...searching] = threads;
  const client = new IndexClient(writer!, searching, onTrouble);
  const end = async (): Promise<void> => {
    // What cannot be written now is made again from the database at the next start.
    await client.close().catch(() => undefined);
    isClosing = true;
    await Promise.all(threads.map((worker) => worker.terminate()));
  };
  let ended: Promise<void> | undefined;
  return {
    client,
    threads: () => [...threads],
    // More than once is as once: whoever made it and whoever searches it may both end it.
    [Symbol.asyncDispose]: () => (ended ??= end()),
  };
}
