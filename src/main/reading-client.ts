import { Worker } from 'node:worker_threads';
import type { Digest, DocumentId } from '#core/index.ts';
import type { Quarantine, ReadContent } from '#rag/index.ts';
import type { InnerFile } from '#usecases/index.ts';
import type { ReadingOptions, ReadingReply, ReadingRequest } from './reading-protocol.ts';

/** A file read, or the verdict on it. */
export type ReadingOutcome =
  | {
      readonly content: ReadContent;
      readonly innerFiles: readonly InnerFile[];
      readonly wasKept: boolean;
      readonly quarantine?: never;
    }
  | { readonly content?: never; readonly wasKept?: never; readonly quarantine: Quarantine };

interface Waiting {
  onBegin(): void;
  resolve(outcome: ReadingOutcome): void;
  reject(error: Error): void;
}

/** Reading as the rest of the program sees it: digests go to the thread, chunks come back. */
export class ReadingClient implements AsyncDisposable {
  readonly #options: ReadingOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #closed: PromiseWithResolvers<void> | undefined;
  #nextId = 1;

  /** Starts the thread, and with it the readers that wait for files. */
  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  /** Reads a file. @throws the signal's reason when it aborts. */
  async read(
    {
      onBegin,
      ...file
    }: {
      readonly key: string;
      readonly blobDigest: Digest;
      readonly fileName: string;
      readonly documentId: DocumentId;
      readonly handsOut: boolean;
      readonly passwords: readonly string[];
      readonly group: string;
      /** Told when a reader takes the file up. */
      onBegin(): void;
    },
    signal: AbortSignal,
  ): Promise<ReadingOutcome> {
    signal.throwIfAborted();
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<ReadingOutcome>();
    this.#waiting.set(id, { onBegin, resolve, reject });
    const cancel = () => worker.postMessage({ type: 'cancel', id } satisfies ReadingRequest);
    signal.addEventListener('abort', cancel);
    worker.postMessage({ type: 'read', id, ...file } satisfies ReadingRequest);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', cancel);
      signal.throwIfAborted();
    }
  }

  /** What was read under this key is in the database. */
  forget(key: string): void {
    this.#worker?.postMessage({ type: 'forget', key } satisfies ReadingRequest);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./reading-thread.ts', import.meta.url), { workerData: this.#options });
    worker.on('message', (reply: ReadingReply) => this.#receive(reply));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('the thread that reads documents ended')));
    return worker;
  }

  #receive(reply: ReadingReply): void {
    if (reply.type === 'closed') {
      this.#closed?.resolve();
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    if (reply.type === 'begun') {
      waiting?.onBegin();
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.type === 'read') {
      const { content, innerFiles, wasKept } = reply;
      waiting?.resolve({ content, innerFiles, wasKept });
    } else if (reply.type === 'refused') waiting?.resolve({ quarantine: reply.quarantine });
    else waiting?.reject(new Error('reading failed', { cause: reply.message }));
  }

  /** What was under way fails and is tried again by its jobs; the next file starts another thread. */
  #fail(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    this.#closed?.resolve();
  }

  /** Ends the children and the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#closed = Promise.withResolvers<void>();
    worker.postMessage({ type: 'close' } satisfies ReadingRequest);
    await this.#closed.promise;
    await worker.terminate();
  }
}
