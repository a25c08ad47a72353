import { Worker } from 'node:worker_threads';
import type { Writer, WriteResult, WriteUnit } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';
import {
  unpackWritten,
  type LogState,
  type LogTask,
  type SentUnit,
  type WriterOptions,
  type WriterReply,
  type WriterRequest,
  type WriterState,
} from './writer-protocol.ts';

interface Waiting {
  resolve(result: WriteResult): void;
  reject(error: Error): void;
}

/** What the rest of the program is told of the writer. */
export type OnWriterState = (state: WriterState, why: string) => void;

/** The writer as the rest of the program sees it: units go to the thread, acknowledgements come back. */
export class WriterClient implements Writer, AsyncDisposable {
  readonly #worker: Worker;
  readonly #sent: Int32Array;
  readonly #onState: OnWriterState;
  readonly #waiting = new Map<number, Waiting>();
  readonly #asked = new Map<number, { resolve(log: LogState): void; reject(error: Error): void }>();
  readonly #closed = Promise.withResolvers<void>();
  #outbox: SentUnit[] = [];
  #nextId = 1;
  #state: WriterState = 'writing';
  #failure: Error | undefined;

  private constructor(worker: Worker, sent: SharedArrayBuffer, onState: OnWriterState) {
    this.#worker = worker;
    this.#sent = new Int32Array(sent);
    this.#onState = onState;
  }

  /** Starts the thread; resolves when the database is open and its schema up to date. */
  static async start(options: Omit<WriterOptions, 'sent'>, onState: OnWriterState): Promise<WriterClient> {
    const sent = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const workerData: WriterOptions = { ...options, sent };
    const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData });
    const ready = Promise.withResolvers<void>();
    const client = new WriterClient(worker, sent, onState);
    worker.on('message', (reply: WriterReply) => {
      if (reply.type === 'ready') ready.resolve();
      else client.#take(reply);
    });
    worker.on('error', (error) => {
      ready.reject(error);
      client.#fail(error);
    });
    worker.on('exit', () => client.#fail(new Error('the writer thread ended')));
    await ready.promise;
    return client;
  }

  get state(): WriterState {
    return this.#state;
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
    // What is written in one turn of the event loop travels as one message.
    if (this.#outbox.push({ id, unit }) === 1) setImmediate(() => this.#send());
    return promise;
  }

  /** Resolves when the log holds nothing any more of what was written before. */
  async purge(): Promise<void> {
    await this.#ask('purge');
  }
  /** Copies what was committed since into the spool. */
  async spool(): Promise<void> {
    await this.#ask('spool');
  }
  /** Empties the log into the database file and leaves the file alone until `release`. */
  async hold(): Promise<{ readonly logSequence: number }> {
    return { logSequence: (await this.#ask('hold')).sequence };
  }
  async release(): Promise<void> {
    await this.#ask('release');
  }
  /** Whether the copies of the log have a gap, so that a new copy of the database is needed. */
  async isLogBroken(): Promise<boolean> {
    return (await this.#ask('spool')).isBroken;
  }

  #ask(type: LogTask): Promise<LogState> {
    this.#send();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<LogState>();
    if (this.#failure !== undefined) reject(this.#failure);
    this.#asked.set(id, { resolve, reject });
    this.#post({ type, id });
    return promise;
  }

  #send(): void {
    const units = this.#outbox;
    this.#outbox = [];
    if (units.length > 0) this.#post({ type: 'write', units });
  }

  #post(request: WriterRequest): void {
    this.#worker.postMessage(request);
    Atomics.add(this.#sent, 0, 1);
    Atomics.notify(this.#sent, 0);
  }

  #take(reply: Exclude<WriterReply, { type: 'ready' }>): void {
    if (reply.type === 'closed') this.#closed.resolve();
    else if (reply.type === 'log-done') this.#takeAsked(reply.id)?.resolve(reply.log);
    else if (reply.type === 'log-failed') this.#takeAsked(reply.id)?.reject(new Error(reply.message));
    else if (reply.type === 'settled') this.#settle(reply);
    else {
      this.#state = reply.state;
      this.#onState(reply.state, reply.why);
    }
  }

  #takeAsked(id: number) {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #settle({ written, others }: Extract<WriterReply, { type: 'settled' }>): void {
    for (const { id, result } of unpackWritten(written)) this.#takeWaiting(id)?.resolve(result);
    for (const unit of others) {
      const waiting = this.#takeWaiting(unit.id);
      if (unit.type === 'refused') {
        waiting?.reject(new AppError(unit.code, unit.message, { details: unit.details }));
      } else waiting?.reject(new Error(unit.message, { cause: unit.stack }));
    }
  }

  #takeWaiting(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#state = 'stopped';
    this.#closed.resolve();
    for (const waiting of this.#waiting.values()) {
      waiting.reject(
        new AppError('record.unavailable', 'The record could not be written.', { cause: error }),
      );
    }
    this.#waiting.clear();
    for (const asked of this.#asked.values()) asked.reject(error);
    this.#asked.clear();
  }

  /** Lets waiting units finish, checkpoints and closes the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#send();
    if (this.#failure === undefined) this.#post({ type: 'close' });
    await this.#closed.promise;
    await this.#worker.terminate();
  }
}
