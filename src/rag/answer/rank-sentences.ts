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
  /** Stems of the names that the document's opening gives its parties; they hold for each of its passages. */
  readonly parties?: ReadonlySet<string> | undefined;
}

/** A sentence with its score; `chunk` and `sentence` are indexes. */
export interface RankedSentence {
  readonly chunk: number;
  readonly sentence: number;
  readonly score: number;
  readonly features: SentenceFeatures;
  /** In the other language: what the words and their spelling alone say. */
  readonly foreign?: { readonly soft: number; readonly spelling: number } | undefined;
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
  lacksType: -1.5,
  cue: 0.75,
  defines: 4,
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
    weights.lacksType * features.lacksType +
    weights.cue * features.cue +
    weights.defines * features.defines +
    weights.span * features.span +
    weights.neighbours * features.neighbours +
    weights.pronounNeighbours * features.pronounNeighbours +
    weights.rowLabel * features.rowLabel +
    weights.headings * features.headings +
    weights.chunkScore * chunkScore
  );
}

/** A sentence with how like it is in meaning. Words do not meet across languages, spelling and meaning do. */
function withSimilarity(one: RankedSentence, { score }: RankedChunk, similarity: number): RankedSentence {
  const { foreign } = one;
  const soft =
    foreign === undefined
      ? one.features.soft
      : Math.max(foreign.soft, FOREIGN_VECTOR * similarity + FOREIGN_SPELLING * foreign.spelling);
  const features = { ...one.features, soft, vector: similarity };
  const lag = foreign === undefined ? 0 : FOREIGN_LAG;
  return { ...one, features, score: scoreOf(features, score) - lag };
}

const inOrder = (ranked: readonly RankedSentence[]): RankedSentence[] =>
  ranked.toSorted((a, b) => b.score - a.score || a.chunk - b.chunk || a.sentence - b.sentence);

/**
 * Sentences of the chunks without their likeness in meaning, best first; headings, which only name what follows, are
 * left out. Ties keep order.
 */
export function rankByWords(question: Question, chunks: readonly RankedChunk[]): RankedSentence[] {
  const ranked: RankedSentence[] = [];
  for (const [chunk, candidate] of chunks.entries()) {
    const matched = question.match.matchChunk(candidate.view);
    for (const [sentence, view] of candidate.view.sentences.entries()) {
      if (view.isHeading) continue;
      const features = sentenceFeatures(question, matched, sentence, candidate.parties);
      const spelling = candidate.isForeign && spellingShare(question, view);
      const foreign = spelling === false ? undefined : { soft: features.soft, spelling };
      const one = { chunk, sentence, features, score: 0, foreign };
      ranked.push(withSimilarity(one, candidate, 0));
    }
  }
  return inOrder(ranked);
}

/** The same sentences with their likeness in meaning, as far as the chunks have their vectors. */
export function addSimilarity(
  { vector }: Question,
  chunks: readonly RankedChunk[],
  ranked: readonly RankedSentence[],
): RankedSentence[] {
  return inOrder(
    ranked.map((one) => {
      const chunk = chunks[one.chunk]!;
      const own = chunk.vectors?.[one.sentence];
      return vector && own ? withSimilarity(one, chunk, cosine(vector, own)) : one;
    }),
  );
}

/** Sentences of the question's own language that are embedded: likeness in meaning moves few of them by a place or two. */
const MAX_CONTENDERS = 12;

/**
 * The sentences, chunk by chunk, whose likeness in meaning is looked at, as embedding is what takes longest: the best
 * ones without it, as far as it may bring them among those that are shown. In the other language, where words do not
 * meet, that is every one.
 * @param ranked by words, best first.
 */
export function findContenders(
  chunks: readonly RankedChunk[],
  ranked: readonly RankedSentence[],
): ReadonlyMap<number, readonly number[]> {
  const own = ranked.filter(({ chunk }) => !chunks[chunk]!.isForeign).slice(0, MAX_CONTENDERS);
  const foreign = ranked.filter(({ chunk }) => chunks[chunk]!.isForeign);
  // The best may lose as much as this one gains.
  const least = (ranked[0]?.score ?? 0) - QUOTE_LIMITS.maxLag - 2 * SENTENCE_WEIGHTS.vector;
  const contenders = new Map<number, number[]>();
  for (const { chunk, sentence } of [...own.filter(({ score }) => score >= least), ...foreign]) {
    const known = contenders.get(chunk);
    if (known === undefined) contenders.set(chunk, [sentence]);
    else known.push(sentence);
  }
  return contenders;
}
