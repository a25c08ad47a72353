import type {
  Hit,
  IndexOperation,
  IndexSnapshot,
  RetrievalIndex,
  RetrievalQuery,
  RetrievalReader,
} from '#contracts/index.ts';
import { AppError, isMinted, type ChunkRow } from '#core/index.ts';
import type {
  IndexAnswer,
  IndexReply,
  IndexSearchRequest,
  IndexWriterRequest,
  ThreadPort,
} from './index-protocol.ts';
import { LIVE, ViewMirror } from './published-view.ts';

/** Request types without their number, which the client gives. */
type Unnumbered<Request> = Request extends { readonly id: number } ? Omit<Request, 'id'> : never;

interface Waiting extends PromiseWithResolvers<IndexAnswer> {
  readonly request: object;
  /** Threads that were asked: more than one when a thread ended over it. */
  tries: number;
}

/** One thread as the client sees it: what it was asked and has not answered. */
interface Thread {
  port: ThreadPort;
  readonly waiting: Map<number, Waiting>;
  /** Requests wait until it is. */
  isReady: boolean;
}

/** A request over which so many threads ended is not asked again. */
const MAX_TRIES = 2;

/**
 * The index as the rest of the program sees it: changes go to the writing thread, questions to the searching thread
 * that has least to do. Messages to a thread keep their order, so a question that is asked after a change was
 * acknowledged finds the view in which it was made.
 */
export class IndexClient implements RetrievalIndex {
  readonly #writer: Thread;
  readonly #searchers: readonly Thread[];
  readonly #ready = Promise.withResolvers<void>();
  readonly #mirror = new ViewMirror();
  readonly #onTrouble: (error: Error) => void;
  #nextId = 1;
  #failure: Error | undefined;

  /** @param onTrouble told of merging that failed; it is tried again. */
  constructor(
    writer: ThreadPort,
    searchers: readonly ThreadPort[],
    onTrouble: (error: Error) => void = () => undefined,
  ) {
    this.#onTrouble = onTrouble;
    this.#writer = { port: writer, waiting: new Map(), isReady: false };
    this.#searchers = searchers.map((port) => ({ port, waiting: new Map(), isReady: true }));
    // Who starts the threads waits for it; a failure before that is theirs to see.
    this.#ready.promise.catch(() => undefined);
  }

  /** Resolves when the index agrees with the database. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** A message of the writing thread. */
  receiveFromWriter(reply: IndexReply): void {
    if (reply.type === 'ready') {
      this.#ready.resolve();
      this.#writer.isReady = true;
      this.#askAgain(this.#writer);
    } else if (reply.type === 'view') {
      this.#mirror.receive(reply.update);
      const message: IndexSearchRequest = reply;
      for (const { port } of this.#searchers) port.postMessage(message);
    } else if (reply.id === 0) this.#onTrouble(toError(reply));
    else settle(this.#writer, reply);
  }

  /**
   * The writing thread ended and another one takes its place: it reads what is on disk and compares it with the
   * database, and is then asked again what was not answered. Questions go on meanwhile over what searchers have.
   */
  replaceWriter(port: ThreadPort): void {
    this.#writer.port = port;
    this.#writer.isReady = false;
  }

  /** A searching thread ended and another one takes its place, is told what there is, and asked again. */
  replaceSearcher(searcher: number, port: ThreadPort): void {
    const thread = this.#searchers[searcher];
    if (thread === undefined) return;
    thread.port = port;
    for (const update of this.#mirror.updates()) {
      port.postMessage({ type: 'view', update } satisfies IndexSearchRequest);
    }
    this.#askAgain(thread);
  }

  #askAgain(thread: Thread): void {
    for (const [id, waiting] of thread.waiting) {
      if (waiting.tries < MAX_TRIES) this.#post(thread, id, waiting);
      else {
        thread.waiting.delete(id);
        waiting.reject(new AppError('engine.unavailable', 'The search broke off. Ask in another way.'));
      }
    }
  }

  #post(thread: Thread, id: number, waiting: Waiting): void {
    waiting.tries += 1;
    thread.port.postMessage({ ...waiting.request, id });
  }

  /** A message of the searching thread with this number. */
  receiveFromSearcher(searcher: number, reply: IndexReply): void {
    const thread = this.#searchers[searcher];
    if (thread !== undefined && reply.type !== 'ready' && reply.type !== 'view') settle(thread, reply);
  }

  /** Threads end again and again: nothing can be found any more until the program starts again. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#ready.reject(error);
    for (const { waiting } of [this.#writer, ...this.#searchers]) {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    }
  }

  async apply(operations: readonly IndexOperation[]): Promise<void> {
    await this.#askWriter({ type: 'apply', operations });
  }

  search(query: RetrievalQuery): Promise<readonly Hit[]> {
    return this.#search(LIVE, query);
  }

  vectors(rows: readonly ChunkRow[]): Promise<ReadonlyMap<ChunkRow, Float32Array>> {
    return this.#vectors(LIVE, rows);
  }

  async stats(): Promise<{ readonly chunks: number; readonly bytes: number }> {
    const { chunks, bytes } = expectType(await this.#askWriter({ type: 'stats' }), 'counted');
    return { chunks, bytes };
  }

  async purge(rows: readonly ChunkRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#askWriter({ type: 'purge', rows });
    // Whoever has answered this has seen every view before it, and so opened the files that it still needs.
    await Promise.all(
      this.#searchers.map((searcher) => this.#ask(searcher, { type: 'vectors', view: LIVE, rows: [] })),
    );
    await this.#askWriter({ type: 'sweep' });
  }

  async maintain(budgetMs: number): Promise<boolean> {
    return expectType(await this.#askWriter({ type: 'maintain', budgetMs }), 'maintained').isMore;
  }

  async snapshot(label: string): Promise<IndexSnapshot> {
    const { snapshot, chunks, extraBytes } = expectType(
      await this.#askWriter({ type: 'snapshot', label }),
      'kept',
    );
    return { id: snapshot, chunks, extraBytes };
  }

  async open(snapshotId: string): Promise<RetrievalReader & AsyncDisposable> {
    await this.#askWriter({ type: 'open', snapshot: snapshotId });
    return {
      search: (query) => this.#search(snapshotId, query),
      vectors: (rows) => this.#vectors(snapshotId, rows),
      [Symbol.asyncDispose]: async () => {
        await this.#askWriter({ type: 'release', snapshot: snapshotId });
      },
    };
  }

  /** Writes what is in memory only, so that the next start need not make it again. */
  async close(): Promise<void> {
    if (!this.#writer.isReady) return;
    await this.#askWriter({ type: 'close' });
  }

  async #search(view: string, query: RetrievalQuery): Promise<readonly Hit[]> {
    if (!isMinted(query.access)) throw new TypeError('an access filter must be minted');
    return expectType(await this.#askSearcher({ type: 'search', view, query }), 'found').hits;
  }

  async #vectors(view: string, rows: readonly ChunkRow[]): Promise<ReadonlyMap<ChunkRow, Float32Array>> {
    return expectType(await this.#askSearcher({ type: 'vectors', view, rows }), 'read').vectors;
  }

  #askWriter(request: Unnumbered<IndexWriterRequest>): Promise<IndexAnswer> {
    return this.#ask(this.#writer, request);
  }

  #askSearcher(request: Unnumbered<IndexSearchRequest>): Promise<IndexAnswer> {
    const [first, ...others] = this.#searchers;
    if (first === undefined) throw new TypeError('an index needs a searcher');
    const idlest = others.reduce(
      (best, thread) => (thread.waiting.size < best.waiting.size ? thread : best),
      first,
    );
    return this.#ask(idlest, request);
  }

  async #ask(thread: Thread, request: object): Promise<IndexAnswer> {
    if (this.#failure !== undefined) {
      throw new AppError('engine.unavailable', 'The search index is not running.', { cause: this.#failure });
    }
    const id = this.#nextId++;
    const waiting: Waiting = { ...Promise.withResolvers<IndexAnswer>(), request, tries: 0 };
    thread.waiting.set(id, waiting);
    if (thread.isReady) this.#post(thread, id, waiting);
    return waiting.promise;
  }
}

function settle({ waiting }: Thread, answer: IndexAnswer): void {
  const own = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.type === 'failed') own?.reject(toError(answer));
  else own?.resolve(answer);
}

function toError(answer: IndexAnswer): Error {
  if (answer.type !== 'failed') return new Error(`unexpected answer ${answer.type}`);
  const { code, message, stack } = answer;
  return code === undefined ? new Error(message, { cause: stack }) : new AppError(code, message);
}

function expectType<Type extends IndexAnswer['type']>(
  answer: IndexAnswer,
  type: Type,
): Extract<IndexAnswer, { type: Type }> {
  if (!isType(answer, type)) throw new TypeError(`expected ${type}, got ${answer.type}`);
  return answer;
}

function isType<Type extends IndexAnswer['type']>(
  answer: IndexAnswer,
  type: Type,
): answer is Extract<IndexAnswer, { type: Type }> {
  return answer.type === type;
}
