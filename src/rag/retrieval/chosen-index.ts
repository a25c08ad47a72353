import type {
  Hit,
  IndexOperation,
  IndexSnapshot,
  RetrievalIndex,
  RetrievalQuery,
  RetrievalReader,
} from '#contracts/index.ts';
import type { ChunkRow, Digest } from '#core/index.ts';
import type { EmbeddingUse, QuestionReader } from './question-reader.ts';

/** An index whose vectors a chosen model made, and the way to a question's vector. */
export interface EncodedIndex {
  readonly index: Pick<RetrievalIndex, 'apply' | 'purge' | 'search'>;
  readonly name: string;
  readonly digest: Digest;
  /** The question's vector, ready to be compared. @throws when the model cannot be asked. */
  embedQuestion(text: string, signal: AbortSignal): Promise<Float32Array>;
}

export interface ChosenIndexDeps {
  /** What is always there: its vectors are of the built-in table. Snapshots are taken of it. */
  readonly base: RetrievalIndex;
  readonly builtIn: Pick<EmbeddingUse, 'name' | 'digest'>;
  readonly monotonicMs: () => number;
  /** The model could not be asked, so the built-in vectors served instead. */
  onFallback(error: unknown): void;
}

/** Who makes and keeps the second index. */
export interface IndexKeeper {
  /** Chunks came in that a chosen model has not seen. */
  onLoaded(): void;
  /** A second index missed a change or broke: it is not searched any more, and nothing of it may stay. */
  onBroken(index: EncodedIndex['index'], error: unknown): Promise<void>;
}

/** Who waits for an answer waits no longer for its vector. */
const QUESTION_DEADLINE_MS = 2_000;
/** After a failure the model is left alone for so long. */
const PAUSE_MS = 5_000;

/**
 * The index that is searched: over vectors of the chosen model where there is one and it answers, else over the
 * built-in ones. Both hold the same chunks and learn of every change before it counts, so that going from one to the
 * other is one assignment.
 */
export class ChosenIndex implements RetrievalIndex {
  readonly #deps: ChosenIndexDeps;
  #encoded: EncodedIndex | undefined;
  #joining: EncodedIndex['index'] | undefined;
  #pausedUntilMs = -Infinity;
  #keeper: IndexKeeper | undefined;

  constructor(deps: ChosenIndexDeps) {
    this.#deps = deps;
  }

  /** Who makes second indexes asks to be told. */
  listen(keeper: IndexKeeper): void {
    this.#keeper = keeper;
  }

  /** Whose vectors are searched now. */
  get embedding(): Pick<EmbeddingUse, 'name' | 'digest'> {
    return this.#encoded ?? this.#deps.builtIn;
  }

  /** An index that is being made hears of changes from here on; undefined for none any more. */
  join(index: EncodedIndex['index'] | undefined): void {
    this.#joining = index;
  }

  /** From the next question on this one is searched; undefined goes back to the built-in vectors. */
  use(encoded: EncodedIndex | undefined): void {
    this.#encoded = encoded;
    this.#pausedUntilMs = -Infinity;
    if (this.#joining === encoded?.index) this.#joining = undefined;
  }

  /** The way to look for a question: with its vector by the chosen model, or, where that fails, as without one. */
  async readerFor(text: string): Promise<QuestionReader> {
    const encoded = this.#encoded;
    if (encoded === undefined) return this.#builtInReader();
    if (this.#deps.monotonicMs() < this.#pausedUntilMs) return this.#builtInReader(encoded.name);
    try {
      const vector = await encoded.embedQuestion(text, AbortSignal.timeout(QUESTION_DEADLINE_MS));
      const { name, digest } = encoded;
      return {
        embedding: { name, digest, insteadOf: undefined },
        search: (query) => this.#searchEncoded(encoded, { ...query, vector }),
      };
    } catch (error) {
      this.#pausedUntilMs = this.#deps.monotonicMs() + PAUSE_MS;
      this.#deps.onFallback(error);
      return this.#builtInReader(encoded.name);
    }
  }

  #builtInReader(insteadOf?: string): QuestionReader {
    const { base, builtIn } = this.#deps;
    return { embedding: { ...builtIn, insteadOf }, search: (query) => base.search(query) };
  }

  async #searchEncoded(encoded: EncodedIndex, query: RetrievalQuery): Promise<readonly Hit[]> {
    try {
      return await encoded.index.search(query);
    } catch (error) {
      void this.#break(encoded.index, error);
      const { vector: _, ...plain } = query;
      return this.#deps.base.search(plain);
    }
  }

  search(query: RetrievalQuery): Promise<readonly Hit[]> {
    return this.#deps.base.search(query);
  }

  vectors(rows: readonly ChunkRow[]): Promise<ReadonlyMap<ChunkRow, Float32Array>> {
    return this.#deps.base.vectors(rows);
  }

  async apply(operations: readonly IndexOperation[]): Promise<void> {
    const encoded = this.#encoded?.index;
    // One that is being made answers nobody yet, so nobody waits for it.
    if (this.#joining !== undefined) void this.#follow(this.#joining, operations);
    await Promise.all([
      this.#deps.base.apply(operations),
      ...(encoded === undefined ? [] : [this.#follow(encoded, operations)]),
    ]);
    if (operations.some(({ type }) => type === 'add' || type === 'load')) this.#keeper?.onLoaded();
  }

  /** An index that missed a change must not be searched. */
  async #follow(index: EncodedIndex['index'], operations: readonly IndexOperation[]): Promise<void> {
    try {
      await index.apply(operations.map(withoutVectors));
    } catch (error) {
      await this.#break(index, error);
    }
  }

  async #break(index: EncodedIndex['index'], error: unknown): Promise<void> {
    if (this.#encoded?.index === index) this.#encoded = undefined;
    if (this.#joining === index) this.#joining = undefined;
    await this.#keeper?.onBroken(index, error);
  }

  /** Chunks of the second index got their vectors: it reads them again. */
  async reloadEncoded(digest: Digest, rows: readonly ChunkRow[]): Promise<void> {
    const encoded = this.#encoded;
    if (encoded?.digest === digest) await this.#follow(encoded.index, [{ type: 'load', rows }]);
  }

  async purge(rows: readonly ChunkRow[]): Promise<void> {
    const others = [this.#encoded?.index, this.#joining].filter((index) => index !== undefined);
    await Promise.all([
      this.#deps.base.purge(rows),
      ...others.map((index) => index.purge(rows).catch((error: unknown) => this.#break(index, error))),
    ]);
  }

  stats(): Promise<{ readonly chunks: number; readonly bytes: number }> {
    return this.#deps.base.stats();
  }

  maintain(budgetMs: number): Promise<boolean> {
    return this.#deps.base.maintain(budgetMs);
  }

  snapshot(label: string): Promise<IndexSnapshot> {
    return this.#deps.base.snapshot(label);
  }

  open(snapshotId: string): Promise<RetrievalReader & AsyncDisposable> {
    return this.#deps.base.open(snapshotId);
  }
}

/** Vectors that an operation brings are the built-in ones: the other index reads its own. */
function withoutVectors(operation: IndexOperation): IndexOperation {
  if (operation.type !== 'add') return operation;
  return { type: 'load', rows: operation.chunks.map(({ row }) => row) };
}
