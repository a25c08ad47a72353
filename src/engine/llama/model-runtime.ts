import type { Sampling } from '#core/index.ts';

/** How a model is loaded. */
export interface RuntimeSettings {
  readonly purpose: 'chat' | 'embedding' | 'reranking';
  readonly threads: number;
  /** Tokens that the cache holds, for all sequences together. */
  readonly cacheTokens: number;
  /** Most tokens in one step. */
  readonly batchTokens: number;
  /** Sequences that may hold tokens at once: streams, and finished ones kept for their prefix. */
  readonly sequences: number;
  /** One cache for all sequences, so that they can share cells; otherwise each has an equal part of its own. */
  readonly isUnified: boolean;
  /** Layers on an accelerator where an opt-in package offers one. */
  readonly gpuLayers: number;
}

/** What a loaded model says about itself. */
export interface RuntimeFacts {
  readonly contextTokens: number;
  readonly vocabularySize: number;
  readonly embeddingLength: number;
  /** Whether a part of a sequence can be dropped or copied; recurrent models cannot. */
  readonly canShareCells: boolean;
  readonly processorLibrary: string;
}

/**
 * How a step ended. `no-room`: the cache is full and nothing was changed. `interrupted`: some of its cells may be filled
 * and there are no outputs.
 */
export type StepOutcome = 'done' | 'no-room' | 'interrupted';

/** Chooses tokens for one stream; remembers what it chose, for penalties and the random numbers. */
export interface TokenSampler {
  /** The next token after the row of the last batch that asked for an output. */
  sample(row: number): number;
  free(): void;
}

/**
 * A loaded model, as the batcher sees it: rows in, tokens out. The native one is in `runtime-child.ts`; tests have
 * a small one in memory. Positions count from 0 in each sequence.
 */
export interface ModelRuntime {
  readonly facts: RuntimeFacts;
  /** `isControl` lets the text name control tokens; never for what people write. */
  tokenize(text: string, options: { readonly isStart: boolean; readonly isControl: boolean }): number[];
  /** The bytes of a token; a character may span several tokens. */
  pieceOf(token: number): Uint8Array;
  isEnd(token: number): boolean;
  createSampler(sampling: Sampling): TokenSampler;
  clearBatch(): void;
  /** Adds a token to the next step; returns its row. */
  addRow(row: { token: number; position: number; sequence: number; wantsOutput: boolean }): number;
  /**
   * Runs the rows. A step of a few milliseconds is computed on the calling thread, which listens again after it: to hand
   * it to another thread and to be woken costs a good part of it. Others leave the thread free.
   */
  decode(length?: 'short' | 'long'): Promise<StepOutcome>;
  /** Ends the long step in progress before its time; nothing happens between steps. */
  interrupt(): void;
  copySequence(from: number, to: number, length: number): void;
  /** Forgets a sequence from a position on. */
  trimSequence(sequence: number, from: number): void;
  saveSequence(sequence: number): Uint8Array;
  /** False when it does not fit. */
  restoreSequence(sequence: number, data: Uint8Array): boolean;
  /** The pooled output of a sequence in the last batch: a vector, or one score. */
  pooled(sequence: number): Float32Array<ArrayBuffer>;
}
