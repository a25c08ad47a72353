import type { Digest } from '#core/index.ts';

/** Texts to vectors. Vectors are L2-normalised, `dimensions` long, in the order of the texts. */
export interface EmbeddingModel {
  readonly name: string;
  readonly digest: Digest;
  readonly dimensions: number;
  /** Longest text, in tokens; longer ones are cut. */
  readonly maxInputTokens: number;
  embed(
    texts: readonly string[],
    options: {
      readonly purpose: 'query' | 'document';
      /** BCP 47 language of the texts, for models that treat languages apart; told from each text when left out. */
      readonly language?: string | undefined;
      readonly signal?: AbortSignal;
    },
  ): Promise<readonly Float32Array[]>;
}
