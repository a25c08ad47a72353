import type { EmbeddingModel } from '#contracts/index.ts';
import { expectDigest, type AppError } from '#core/index.ts';

/** A direction that all texts share, as of encoders that crowd their vectors. */
const SHARED = 2;

/**
 * An embedding model whose geometry a person can follow: each concept is an axis, a text points to those whose words
 * it has, and all texts share one direction beside. It counts what it was asked and fails when it is told to.
 */
export class ConceptEmbedding implements EmbeddingModel {
  readonly name: string;
  readonly digest;
  readonly dimensions;
  readonly maxInputTokens = 512;
  readonly #concepts: readonly (readonly string[])[];
  /** Texts of documents that were embedded, in order. */
  readonly documents: string[] = [];
  readonly questions: string[] = [];
  /** While set, every call fails with it. */
  failure: AppError | undefined;

  constructor(concepts: readonly (readonly string[])[], { name = 'concepts', mark = 'c' } = {}) {
    this.name = name;
    this.digest = expectDigest(`sha256:${mark.repeat(64)}`);
    this.dimensions = concepts.length + 2;
    this.#concepts = concepts;
  }

  // oxlint-disable-next-line typescript/require-await -- the contract's method is asynchronous
  async embed(
    texts: readonly string[],
    { purpose }: Parameters<EmbeddingModel['embed']>[1],
  ): Promise<readonly Float32Array[]> {
    if (this.failure !== undefined) throw this.failure;
    (purpose === 'query' ? this.questions : this.documents).push(...texts);
    return texts.map((text) => this.#vectorOf(text.toLowerCase()));
  }

  #vectorOf(text: string): Float32Array {
    const axes = this.#concepts.map((words) => (words.some((word) => text.includes(word)) ? 1 : 0));
    const vector = [...axes, axes.every((axis) => axis === 0) ? 1 : 0, SHARED];
    const length = Math.hypot(...vector);
    return Float32Array.from(vector, (value) => value / length);
  }
}
