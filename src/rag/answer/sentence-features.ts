import { CONCEPT_MARK } from '../analysis/concepts.ts';
import { findSigns, hasCue } from './answer-signs.ts';
import type { Question, QuestionTerm } from './question.ts';
import { isInRange } from './number-ranges.ts';
import { isKin } from './word-root.ts';
import type { ChunkView, SentenceView } from './sentence-view.ts';

/** What speaks for a sentence as the answer; each from 0 to 1, `vector` from -1. */
export interface SentenceFeatures {
  /** Share of the question's weight that the sentence holds, near forms of a word counted in part. */
  readonly soft: number;
  readonly vector: number;
  /** The sentence holds something of the asked type, and how near it stands to the words of the question. */
  readonly type: number;
  readonly typeNear: number;
  readonly cue: number;
  /** How close together the question's words stand. */
  readonly span: number;
  /** Share of the question's weight that only the neighbours hold; and the same if the sentence refers back. */
  readonly neighbours: number;
  readonly pronounNeighbours: number;
  /** For a table row: how well its label is what was asked about. */
  readonly rowLabel: number;
  /** Share of the question's weight in the headings alone. */
  readonly headings: number;
}

const SHORTEST_PREFIX = 4;
const NEAR_FORM = 0.8;
const KIN = 0.6;
const COVERED = 0.8;
const KINDRED = 0.4;
const LEAST_SHARE = 0.6;
const NEAR_CHARACTERS = 60;

/** How alike two stems are by their common beginning: 0, or 0.48 to 0.8. */
export function nearForm(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let common = 0;
  while (common < shorter && a[common] === b[common]) common++;
  const share = common / Math.max(a.length, b.length);
  return common >= SHORTEST_PREFIX && share >= LEAST_SHARE ? NEAR_FORM * share : 0;
}

function bestNearForm(term: QuestionTerm, stems: Iterable<string>): number {
  const isWord = !term.isNumber && !term.stem.startsWith(CONCEPT_MARK);
  if (term.stem.length < SHORTEST_PREFIX || !isWord) return 0;
  let best = 0;
  for (const stem of stems) best = Math.max(best, nearForm(term.stem, stem));
  return best;
}

/** Sentences with their headings: what a share of the question is looked for in. */
export interface Stretch {
  readonly sentences: readonly SentenceView[];
  readonly stems: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
}

/** Share of the question's weight that a stretch holds; near forms, kin and ranges of numbers count in part. */
export function softShare(question: Question, stretch: Stretch): number {
  let found = 0;
  for (const term of question.terms) found += term.weight * matchOf(term, stretch);
  return found / question.totalWeight;
}

function matchOf(term: QuestionTerm, { sentences, stems, roots }: Stretch): number {
  if (stems.has(term.stem)) return 1;
  if (isCovered(term, sentences)) return COVERED;
  const near = bestNearForm(term, stems);
  if (near >= KIN) return near;
  if (isKin(term.roots, roots)) return KIN;
  const isKindred = !term.kindred.isDisjointFrom(stems) || !term.kindred.isDisjointFrom(roots);
  return isKindred ? KINDRED : near;
}

/** Whether a measure of the question lies in a range that one of the sentences states in its unit. */
export function isCovered({ unit, stem }: QuestionTerm, sentences: readonly SentenceView[]): boolean {
  if (unit === undefined) return false;
  return sentences.some(({ places, ranges }) => places.has(unit) && isInRange(stem, ranges));
}

function neighbourShare(question: Question, view: ChunkView, index: number): number {
  const here = view.sentences[index]!.places;
  const before = view.sentences[index - 1]?.places;
  const others = [view.sentences[index + 1]?.places, view.sentences[index - 2]?.places];
  let found = 0;
  for (const { stem, weight } of question.terms) {
    if (here.has(stem)) continue;
    if (before?.has(stem) === true) found += weight;
    else if (others.some((places) => places?.has(stem) === true)) found += weight / 2;
  }
  return found / question.totalWeight;
}

/** Indexes of the sentence's terms that the question names, in order. */
function matchedPlaces(question: Question, sentence: SentenceView): number[] {
  return question.terms.flatMap(({ stem }) => sentence.places.get(stem) ?? []).toSorted((a, b) => a - b);
}

function typeShare(question: Question, sentence: SentenceView, matched: readonly number[]) {
  const signs = findSigns(question.type, sentence.text);
  // What the question says itself does not answer it.
  const own = signs?.filter((sign) => {
    const at = sentence.positions.indexOf(sign);
    return at < 0 || !question.byStem.has(sentence.stems[at]!);
  });
  if (own === undefined || own.length === 0) return { type: 0, typeNear: 0 };
  const gaps = own.flatMap((sign) => matched.map((place) => Math.abs(sentence.positions[place]! - sign)));
  return { type: 1, typeNear: gaps.length > 0 ? Math.exp(-Math.min(...gaps) / NEAR_CHARACTERS) : 0 };
}

/**
 * Share of the question in the row's label, plus half the share of the label in the question: the label is what
 * a row is about, so its words count again.
 */
function rowLabelShare(question: Question, labelStems: ReadonlySet<string>): number {
  if (labelStems.size === 0) return 0;
  let asked = 0;
  let shared = 0;
  for (const { stem, weight } of question.terms) {
    if (!labelStems.has(stem)) continue;
    asked += weight;
    shared += 1;
  }
  return asked / question.totalWeight + (0.5 * shared) / labelStems.size;
}

function headingShare(question: Question, view: ChunkView, sentence: SentenceView): number {
  let found = 0;
  for (const { stem, weight } of question.terms) {
    if (!sentence.places.has(stem) && view.headingStems.has(stem)) found += weight;
  }
  return found / question.totalWeight;
}

/** Features of one sentence of a chunk. `similarity` is the cosine of question and sentence. */
export function sentenceFeatures(
  question: Question,
  view: ChunkView,
  index: number,
  similarity: number,
): SentenceFeatures {
  const sentence = view.sentences[index]!;
  const matched = matchedPlaces(question, sentence);
  const distinct = new Set(matched).size;
  const stretch = distinct > 1 ? matched.at(-1)! - matched[0]! + 1 : 0;
  const neighbours = neighbourShare(question, view, index);
  return {
    soft: softShare(question, {
      sentences: [sentence],
      stems: sentence.distinctStems,
      roots: sentence.roots,
    }),
    vector: similarity,
    ...typeShare(question, sentence, matched),
    cue: hasCue(question.type, sentence.text) ? 1 : 0,
    span: stretch > 0 ? distinct / stretch : 0,
    neighbours,
    pronounNeighbours: sentence.opensWithPronoun ? neighbours : 0,
    rowLabel: rowLabelShare(question, sentence.labelStems),
    headings: headingShare(question, view, sentence),
  };
}
