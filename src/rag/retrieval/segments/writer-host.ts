import { setImmediate } from 'node:timers/promises';
import type { EmbeddingModel, IndexOperation } from '#contracts/index.ts';
import { isAppError, type ChunkRow } from '#core/index.ts';
import { embedChunks } from './embed-chunks.ts';
import type { IndexAnswer, IndexReply, IndexWriterRequest, ThreadPort } from './index-protocol.ts';
import type { IndexWriter } from './index-writer.ts';
import type { LoadedOperation } from './segment-changes.ts';
import { MOST_SEGMENTS } from './merge-policy.ts';
import { liveCount } from './overlay.ts';
import { LIVE, ViewPublisher } from './published-view.ts';
import { reconcile, type IndexSource, type Reconciled } from './reconcile.ts';

/** Merging goes on for so long before other messages are looked at. */
const SLICE_MS = 15;
/** After merging failed. */
const RETRY_MS = 30_000;

/**
 * The index's writer behind a port: makes changes as they come, tells searchers of every new view before it
 * acknowledges, and merges when there is nothing else to do.
 */
export class WriterHost {
  readonly #writer: IndexWriter;
  readonly #port: ThreadPort;
  readonly #embeddingModel: EmbeddingModel | undefined;
  readonly #source: IndexSource | undefined;
  readonly #publisher = new ViewPublisher();
  /** What must not run at the same time: merges, writing to disk, snapshots. Changes may come between. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Changes keep their order while chunks are embedded. */
  #changes: Promise<unknown> = Promise.resolve();
  #isMaintaining = false;

  /**
   * @param options.source the database, which the index is made from; without one it begins with what is on disk.
   * @param options.embeddingModel for chunks that come without a vector.
   */
  constructor(
    writer: IndexWriter,
    port: ThreadPort,
    options: {
      readonly source?: IndexSource | undefined;
      readonly embeddingModel?: EmbeddingModel | undefined;
    } = {},
  ) {
    this.#writer = writer;
    this.#port = port;
    this.#source = options.source;
    this.#embeddingModel = options.embeddingModel;
  }

  /** Opens what is on disk, makes it agree with the database, and says that searches may begin. */
  async start(): Promise<Reconciled | undefined> {
    await this.#writer.load();
    const done = this.#source && (await this.#reconcile(this.#source));
    // What the database does not know any more was erased: it goes from the files too. Nobody searches yet.
    if (done !== undefined && done.removed > 0) {
      await this.#writer.purge([]);
      await this.#writer.sweepNow();
    }
    this.#publish();
    this.#send({ type: 'ready' });
    this.#maintainSoon();
    return done;
  }

  #reconcile(source: IndexSource): Promise<Reconciled> {
    const embedded = {
      listStates: (row: number) => source.listStates(row),
      listChunks: async (rows: readonly ChunkRow[]) =>
        embedChunks(this.#embeddingModel, await source.listChunks(rows)),
    };
    return reconcile(this.#writer, embedded, async () => {
      while (await this.#writer.maintain(SLICE_MS)) await setImmediate();
    });
  }

  /** Takes a request; answers when it is done. */
  async receive(request: IndexWriterRequest): Promise<void> {
    try {
      this.#send(await this.#answer(request));
    } catch (error) {
      this.#send(toFailure(request.id, error));
    }
  }

  async #answer(request: IndexWriterRequest): Promise<IndexAnswer> {
    const { id } = request;
    switch (request.type) {
      case 'apply':
        await this.#apply(request.operations);
        return { type: 'done', id };
      case 'maintain':
        return {
          type: 'maintained',
          id,
          isMore: await this.#exclusive(() => this.#maintain(request.budgetMs)),
        };
      case 'snapshot': {
        const { id: snapshot, extraBytes } = await this.#exclusive(() =>
          this.#writer.snapshot(request.label),
        );
        this.#publish();
        return { type: 'kept', id, snapshot, chunks: this.#count(), extraBytes };
      }
      case 'open': {
        const view = await this.#exclusive(() => this.#writer.openSnapshot(request.snapshot));
        this.#tell(this.#publisher.publish(request.snapshot, view));
        return { type: 'done', id };
      }
      case 'release':
        this.#tell(this.#publisher.publish(request.snapshot, undefined));
        return { type: 'done', id };
      case 'purge':
        await this.#purge(request.rows);
        return { type: 'done', id };
      case 'sweep':
        await this.#exclusive(() => this.#writer.sweepNow());
        return { type: 'done', id };
      case 'stats':
        return { type: 'counted', id, chunks: this.#count(), bytes: this.#bytes() };
      case 'close':
      default:
        await this.#exclusive(() => this.#writer.flush());
        return { type: 'done', id };
    }
  }

  #apply(operations: readonly IndexOperation[]): Promise<void> {
    const applied = this.#applyAfter(this.#changes, operations);
    this.#changes = applied.catch(() => undefined);
    return applied;
  }

  async #applyAfter(earlier: Promise<unknown>, operations: readonly IndexOperation[]): Promise<void> {
    const loaded: LoadedOperation[] = [];
    for (const operation of operations) loaded.push(await this.#load(operation));
    await earlier;
    this.#writer.apply(loaded);
    this.#publish();
    this.#maintainSoon();
    await this.#untilMerged();
  }

  /** Where changes come faster than they are merged, those that follow wait, so that searches stay fast. */
  async #untilMerged(): Promise<void> {
    try {
      while (this.#writer.view.length > MOST_SEGMENTS) {
        if (!(await this.#exclusive(() => this.#maintain(SLICE_MS)))) return;
        await setImmediate();
      }
    } catch {
      // The change is made; whoever maintains says what is wrong, and tries again.
    }
  }

  async #load(operation: IndexOperation): Promise<LoadedOperation> {
    if (operation.type !== 'add' && operation.type !== 'load') return operation;
    if (operation.type === 'load' && this.#source === undefined) throw new TypeError('nothing to load from');
    const chunks =
      operation.type === 'add' ? operation.chunks : await this.#source?.listChunks(operation.rows);
    return { type: 'add', chunks: await embedChunks(this.#embeddingModel, chunks ?? []) };
  }

  /** After the changes that came before, and with no merge under way. */
  async #purge(rows: readonly ChunkRow[]): Promise<void> {
    await this.#changes;
    await this.#exclusive(async () => {
      await this.#writer.purge(rows);
      this.#publish();
    });
  }

  #count(): number {
    return this.#writer.view.reduce((sum, { segment, overlay }) => sum + liveCount(segment, overlay), 0);
  }

  #bytes(): number {
    return this.#writer.view.reduce((sum, { segment }) => sum + segment.sizeBytes, 0);
  }

  async #maintain(budgetMs: number): Promise<boolean> {
    const isMore = await this.#writer.maintain(budgetMs);
    this.#publish();
    return isMore;
  }

  #maintainSoon(): void {
    if (this.#isMaintaining) return;
    this.#isMaintaining = true;
    void this.#maintainAll().finally(() => {
      this.#isMaintaining = false;
    });
  }

  async #maintainAll(): Promise<void> {
    try {
      do await setImmediate();
      while (await this.#exclusive(() => this.#maintain(SLICE_MS)));
    } catch (error) {
      this.#send(toFailure(0, error));
      // Perhaps there is room on the disk by then. What is there answers meanwhile.
      setTimeout(() => this.#maintainSoon(), RETRY_MS).unref();
    }
  }

  #exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #publish(): void {
    this.#tell(this.#publisher.publish(LIVE, this.#writer.view));
  }

  #tell(update: ReturnType<ViewPublisher['publish']>): void {
    if (update !== undefined) this.#send({ type: 'view', update });
  }

  #send(reply: IndexReply): void {
    this.#port.postMessage(reply);
  }
}

/** A failure as it goes back to who asked. */
export function toFailure(id: number, error: unknown): IndexAnswer {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { type: 'failed', id, message, code: isAppError(error) ? error.code : undefined, stack };
}
