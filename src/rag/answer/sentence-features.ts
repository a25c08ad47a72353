import { definesAsked, findSigns, hasCue } from './answer-signs.ts';
import type { Question, QuestionTerm } from './question.ts';
import type { MatchedChunk, TermMatches } from './question-match.ts';
import { isInRange } from './number-ranges.ts';
import { isMeasurable } from './question-type.ts';
import type { SentenceView } from './sentence-view.ts';

/** What speaks for a sentence as the answer; each from 0 to 1, `vector` from -1. */
export interface SentenceFeatures {
  /** Share of the question's weight that the sentence holds, near forms of a word counted in part. */
  readonly soft: number;
  readonly vector: number;
  /** The sentence holds something of the asked type, and how near it stands to the words of the question. */
  readonly type: number;
  readonly typeNear: number;
  /** Nothing of the asked kind stands in the sentence, and an answer of that kind cannot do without. */
  readonly lacksType: number;
  readonly cue: number;
  readonly defines: number;
  /** How close together the question's words stand. */
  readonly span: number;
  /** Share of the question's weight that only the neighbours hold; and the same if the sentence refers back. */
  readonly neighbours: number;
  readonly pronounNeighbours: number;
  /** For a table row: how well its label is what was asked about. */
  readonly rowLabel: number;
  /** Share of the question's weight in the headings, or among the document's parties, alone. */
  readonly headings: number;
}

const KIN = 0.6;
const COVERED = 0.8;
const KINDRED = 0.4;
const NEAR_CHARACTERS = 60;

/** Share of the question's weight that a stretch holds; near forms, kin and ranges of numbers count in part. */
export function softShare(
  { terms, totalWeight }: Question,
  matches: TermMatches,
  sentences: readonly SentenceView[],
): number {
  let found = 0;
  for (let index = 0; index < terms.length; index++) {
    const term = terms[index]!;
    if (matches.has[index] === true) found += term.weight;
    else if (isCovered(term, sentences)) found += term.weight * COVERED;
    else found += term.weight * likenessOf(matches, index);
  }
  return found / totalWeight;
}

function likenessOf({ near, isKin, isKindred }: TermMatches, index: number): number {
  if (near[index]! >= KIN) return near[index]!;
  if (isKin[index] === true) return KIN;
  return isKindred[index] === true ? KINDRED : near[index]!;
}

/** Whether a measure of the question lies in a range that one of the sentences states in its unit. */
export function isCovered({ unit, stem }: QuestionTerm, sentences: readonly SentenceView[]): boolean {
  if (unit === undefined) return false;
  return sentences.some(({ stems, ranges }) => stems.has(unit) && isInRange(stem, ranges));
}

function neighbourShare(
  { terms, totalWeight }: Question,
  sentences: readonly TermMatches[],
  index: number,
): number {
  const here = sentences[index]!.has;
  const before = sentences[index - 1]?.has;
  const after = sentences[index + 1]?.has;
  const earlier = sentences[index - 2]?.has;
  let found = 0;
  for (let term = 0; term < terms.length; term++) {
    if (here[term] === true) continue;
    if (before?.[term] === true) found += terms[term]!.weight;
    else if (after?.[term] === true || earlier?.[term] === true) found += terms[term]!.weight / 2;
  }
  return found / totalWeight;
}

function typeShare(question: Question, sentence: SentenceView, matched: readonly number[]) {
  const signs = findSigns(question.type, sentence.text);
  const lacksType = signs?.length === 0 && isMeasurable(question.type) ? 1 : 0;
  // What the question says itself does not answer it.
  const own = signs?.filter((sign) => {
    const term = sentence.terms.find(({ start }) => start === sign);
    return term === undefined || !question.byStem.has(term.stem);
  });
  if (own === undefined || own.length === 0) return { type: 0, typeNear: 0, lacksType };
  const gaps = own.flatMap((sign) => matched.map((place) => Math.abs(sentence.terms[place]!.start - sign)));
  return {
    type: 1,
    lacksType,
    typeNear: gaps.length > 0 ? Math.exp(-Math.min(...gaps) / NEAR_CHARACTERS) : 0,
  };
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

function headingShare(
  { terms, totalWeight }: Question,
  { has }: TermMatches,
  headings: TermMatches,
  parties: ReadonlySet<string> | undefined,
): number {
  let found = 0;
  for (let index = 0; index < terms.length; index++) {
    const { stem, weight, isExact } = terms[index]!;
    const isAbove = headings.has[index] === true || (isExact && parties?.has(stem) === true);
    if (has[index] !== true && isAbove) found += weight;
  }
  return found / totalWeight;
}

/**
 * Features of one sentence of a chunk by its words alone: `vector` is 0.
 * @param parties stems of names that hold for the whole document.
 */
export function sentenceFeatures(
  question: Question,
  { view, sentences, headings }: MatchedChunk,
  index: number,
  parties?: ReadonlySet<string>,
): SentenceFeatures {
  const sentence = view.sentences[index]!;
  const matches = sentences[index]!;
  const { places } = matches;
  const distance = places.length > 1 ? places.at(-1)! - places[0]! + 1 : 0;
  const neighbours = neighbourShare(question, sentences, index);
  return {
    soft: softShare(question, matches, [sentence]),
    vector: 0,
    ...typeShare(question, sentence, places),
    cue: hasCue(question.type, sentence.text) ? 1 : 0,
    defines: definesAsked(question.type, sentence.text) && places.length > 0 ? 1 : 0,
    span: distance > 0 ? places.length / distance : 0,
    neighbours,
    pronounNeighbours: neighbours > 0 && sentence.opensWithPronoun ? neighbours : 0,
    rowLabel: rowLabelShare(question, sentence.labelStems),
    headings: headingShare(question, matches, headings, parties),
  };
}
