import { Worker } from 'node:worker_threads';
import type { Writer, WriteResult, WriteUnit } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';
import type { WriterOptions, WriterReply, WriterRequest } from './writer-protocol.ts';

interface Waiting {
  resolve(result: WriteResult): void;
  reject(error: Error): void;
}

/** The writer as the rest of the program sees it: units go to the thread, acknowledgements come back. */
export class WriterClient implements Writer, AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed = Promise.withResolvers<void>();
  #nextId = 1;
  #failure: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Starts the thread; resolves when the database is open and its schema up to date. */
  static async start(options: WriterOptions): Promise<WriterClient> {
    const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: options });
    const ready = Promise.withResolvers<void>();
    const client = new WriterClient(worker);
    worker.on('message', (reply: WriterReply) => {
      if (reply.type === 'ready') ready.resolve();
      else client.#settle(reply);
    });
    worker.on('error', (error) => {
      ready.reject(error);
      client.#fail(error);
    });
    worker.on('exit', () => client.#fail(new Error('the writer thread ended')));
    await ready.promise;
    return client;
  }

  async write(unit: WriteUnit): Promise<WriteResult> {
    if (this.#failure !== undefined) {
      throw new AppError('record.unavailable', 'Nothing can be recorded right now, so nothing was done.', {
        cause: this.#failure,
      });
    }
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<WriteResult>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ type: 'write', id, unit } satisfies WriterRequest);
    return promise;
  }

  #settle(reply: Exclude<WriterReply, { type: 'ready' }>): void {
    if (reply.type === 'closed') {
      this.#closed.resolve();
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'written') waiting?.resolve(reply.result);
    else if (reply.type === 'refused') {
      waiting?.reject(new AppError(reply.code, reply.message, { details: reply.details }));
    } else waiting?.reject(new Error(reply.message, { cause: reply.stack }));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#closed.resolve();
    for (const waiting of this.#waiting.values()) {
      waiting.reject(
        new AppError('record.unavailable', 'The record could not be written.', { cause: error }),
      );
    }
    this.#waiting.clear();
  }

  /** Lets waiting units finish, checkpoints and closes the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#failure === undefined) this.#worker.postMessage({ type: 'close' } satisfies WriterRequest);
    await this.#closed.promise;
    await this.#worker.terminate();
  }
}
