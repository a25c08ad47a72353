import type { Question } from './question.ts';
import { sentenceFeatures, type SentenceFeatures } from './sentence-features.ts';
import type { ChunkView } from './sentence-view.ts';
import { QUOTE_LIMITS } from './select-quotes.ts';
import { spellingShare } from './spelling-match.ts';

/** A chunk that evidence was found in, with what ranking its sentences needs. */
export interface RankedChunk {
  readonly view: ChunkView;
  /** From retrieval, on its absolute scale. */
  readonly score: number;
  /** By sentence, of those that have one; undefined without an embedding model. */
  readonly vectors: readonly (Float32Array | undefined)[] | undefined;
  /** The chunk is in another language than the question: words do not meet, spelling and meaning do. */
  readonly isForeign: boolean;
}

/** A sentence with its score; `chunk` and `sentence` are indexes. */
export interface RankedSentence {
  readonly chunk: number;
  readonly sentence: number;
  readonly score: number;
  readonly features: SentenceFeatures;
}

/**
 * Weights of the logistic score. Starting point: fitted pairwise on public English questions (XQuAD, CC BY-SA
 * 4.0); see docs/adr on answers for the figures on our own.
 */
export const SENTENCE_WEIGHTS = {
  soft: 6.7,
  vector: 0.8,
  typeNear: 0.7,
  type: 0.8,
  cue: 0.75,
  span: 0.9,
  neighbours: 2,
  pronounNeighbours: 1.1,
  rowLabel: 3.3,
  headings: 2,
  chunkScore: 6.8,
} as const;
/** A sentence in the question's own language is preferred to one in the other that says as much. */
const FOREIGN_LAG = 1.5;
const FOREIGN_VECTOR = 0.3;
const FOREIGN_SPELLING = 0.6;

/** Cosine of two vectors of length 1. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

function scoreOf(features: SentenceFeatures, chunkScore: number): number {
  const weights = SENTENCE_WEIGHTS;
  return (
    weights.soft * features.soft +
    weights.vector * features.vector +
    weights.typeNear * features.typeNear +
    weights.type * features.type +
    weights.cue * features.cue +
    weights.span * features.span +
    weights.neighbours * features.neighbours +
    weights.pronounNeighbours * features.pronounNeighbours +
    weights.rowLabel * features.rowLabel +
    weights.headings * features.headings +
    weights.chunkScore * chunkScore
  );
}

function featuresIn(question: Question, chunk: RankedChunk, sentence: number): SentenceFeatures {
  const vector = chunk.vectors?.[sentence];
  const similarity = question.vector && vector ? cosine(question.vector, vector) : 0;
  const features = sentenceFeatures(question, chunk.view, sentence, similarity);
  if (!chunk.isForeign) return features;
  const { spellings, places } = chunk.view.sentences[sentence]!;
  const spelling = spellingShare(question, spellings, places);
  return {
    ...features,
    soft: Math.max(features.soft, FOREIGN_VECTOR * similarity + FOREIGN_SPELLING * spelling),
  };
}

/** Sentences of the chunks, best first; headings, which only name what follows, are left out. Ties keep order. */
export function rankSentences(question: Question, chunks: readonly RankedChunk[]): RankedSentence[] {
  const ranked: RankedSentence[] = [];
  for (const [chunk, candidate] of chunks.entries()) {
    for (const [sentence, view] of candidate.view.sentences.entries()) {
      if (view.isHeading) continue;
      const features = featuresIn(question, candidate, sentence);
      const lag = candidate.isForeign ? FOREIGN_LAG : 0;
      ranked.push({ chunk, sentence, features, score: scoreOf(features, candidate.score) - lag });
    }
  }
  return ranked.toSorted((a, b) => b.score - a.score || a.chunk - b.chunk || a.sentence - b.sentence);
}

/** Sentences of the question's own language that are embedded: likeness in meaning moves few of them by a place or two. */
const MAX_CONTENDERS = 12;

/**
 * The sentences, chunk by chunk, whose likeness in meaning is looked at, as embedding is what takes longest: the best
 * ones without it, as far as it may bring them among those that are shown. In the other language, where words do not
 * meet, that is every one.
 */
export function findContenders(
  question: Question,
  chunks: readonly RankedChunk[],
): ReadonlyMap<number, readonly number[]> {
  const bare = rankSentences(
    question,
    chunks.map((chunk) => ({ ...chunk, vectors: undefined })),
  );
  const own = bare.filter(({ chunk }) => !chunks[chunk]!.isForeign).slice(0, MAX_CONTENDERS);
  const foreign = bare.filter(({ chunk }) => chunks[chunk]!.isForeign);
  // The best may lose as much as this one gains.
  const least = (bare[0]?.score ?? 0) - QUOTE_LIMITS.maxLag - 2 * SENTENCE_WEIGHTS.vector;
  const contenders = new Map<number, number[]>();
  for (const { chunk, sentence } of [...own.filter(({ score }) => score >= least), ...foreign]) {
    const known = contenders.get(chunk);
    if (known === undefined) contenders.set(chunk, [sentence]);
    else known.push(sentence);
  }
  return contenders;
}
