import type { RetrievalReader } from '#contracts/index.ts';
import type { Digest } from '#core/index.ts';

/** Whose vectors a question was looked for by. */
export interface EmbeddingUse {
  readonly name: string;
  readonly digest: Digest;
  /** The chosen model, where it could not be asked and this one served instead. */
  readonly insteadOf: string | undefined;
}

/** An index as one question reads it: the question's vector is part of it. */
export interface QuestionReader extends Pick<RetrievalReader, 'search'> {
  readonly embedding: EmbeddingUse;
}
