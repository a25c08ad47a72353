import type { AnswerGrade } from '#core/index.ts';
import { findSigns } from './answer-signs.ts';
import { isIndispensable, isMeasurable } from './question-type.ts';
import type { Question, QuestionTerm } from './question.ts';
import type { RankedChunk, RankedSentence } from './rank-sentences.ts';
import { nearForm, type TermMatches } from './question-match.ts';
import { isCovered, softShare } from './sentence-features.ts';
import { isLightWord } from './light-words.ts';
import { otherRegionStems } from './region-names.ts';
import type { ViewedTerms } from './sentence-view.ts';
import { spellingShare } from './spelling-match.ts';

/** How far the evidence carries an answer, and why. */
export interface EvidenceGrade {
  readonly grade: AnswerGrade;
  /** Log-odds that the evidence answers. */
  readonly logit: number;
  /** Names and numbers of the question that the evidence lacks, as they were asked. */
  readonly missing: readonly string[];
  readonly features: RefusalFeatures;
}

/** What speaks for the chosen evidence as a whole. */
export interface RefusalFeatures {
  /** Retrieval's score of the chunk. */
  readonly score: number;
  /** Share of the question's weight in the sentence with its neighbours and the headings. */
  readonly window: number;
  /** The same in the sentence alone. */
  readonly sentence: number;
  /** By how much the chunk leads the best one of another wording. */
  readonly margin: number;
  /** Share of the weight of names and numbers in the chunk; a half when there are none. */
  readonly exact: number;
  readonly spelling: number;
  /** By how much the sentence leads the best one of a chunk of another wording, in its ranking's points; at most 3. */
  readonly lead: number;
  /** Like `sentence`, with what stands above it: headings, and names that hold for the whole document. */
  readonly titled: number;
  /** 1 where nothing of the asked kind (a duration, a date) stands in the sentence. */
  readonly lacksType: number;
  /** ln(1 + number of terms): a long question is seldom covered whole. */
  readonly length: number;
}

/**
 * Weights and thresholds of the refusal rule. The weights are fitted on public English questions with their evidence
 * there, removed, and removed with all of its article (XQuAD, CC BY-SA 4.0), and on our own about three domains, with their
 * evidence there and removed, each counted six times; `related` is where right and false refusals of our own are about
 * as far from their targets. Retrieval's own score and likeness in spelling add nothing to these.
 */
const REFUSAL = {
  window: 1.17,
  sentence: 1.49,
  titled: 1.85,
  margin: 1.07,
  exact: 0.32,
  lead: 0.74,
  length: 0.94,
  lacksType: -0.71,
  /** Across languages fewer words can meet. */
  foreign: 0.07,
  bias: -5.31,
  /** Below: not enough. From here to `answered`: perhaps related. */
  related: -1.2,
  answered: 0.5,
  /**
   * The same across languages: in a wide gap above every question of the calibrating half that nothing answers, when the
   * Czech ones are asked in English.
   */
  answeredAcross: 1.1,
} as const;
const MOST_LEAD = 3;
/** Where nothing else was found there is nothing to lead. */
const NO_RIVAL_LEAD = 1.5;
const NAME_LIKENESS = 0.5;
const ASKS_FOR_ROLE = /^\s*(?:kdo|kto|who) (?:je|byl|bude|jsou|is|was|are)(?!\p{L})/iu;

/** The sentence, those beside it, and the head of its table. */
function windowOf({ view: { sentences } }: RankedChunk, { sentence }: RankedSentence): ViewedTerms[] {
  const { header } = sentences[sentence]!;
  const near = sentences.slice(Math.max(0, sentence - 1), sentence + 2);
  return header === undefined ? near : [...near, header];
}

/** Names and numbers of the question that the evidence lacks. */
function missingTerms(question: Question, chunk: RankedChunk, best: RankedSentence): QuestionTerm[] {
  const near = windowOf(chunk, best);
  return question.terms.filter((term) => {
    if (!term.isExact || chunk.view.headingStems.has(term.stem)) return false;
    return term.isNumber ? !isNumberNear(term, near, chunk) : !isNamed(question, term, chunk);
  });
}

/** A number says something only where it stands. */
function isNumberNear(term: QuestionTerm, near: readonly ViewedTerms[], { view }: RankedChunk): boolean {
  const isThere = near.some(({ terms }) =>
    terms.some(({ stem, fold }) => stem === term.stem || fold === term.fold),
  );
  return isThere || isCovered(term, view.sentences);
}

/** A name holds for the whole passage. In the other language it may be spelled otherwise; of countries it is known how. */
function isNamed({ language }: Question, term: QuestionTerm, chunk: RankedChunk): boolean {
  const { stem, fold } = term;
  const { stems, headingStems, spellings } = chunk.view;
  if (stems.has(stem) || spellings.has(fold) || chunk.parties?.has(stem) === true) return true;
  if (!chunk.isForeign) return isSpelledAlike(term, chunk);
  const others = otherRegionStems(stem, language);
  return others === undefined || others.some((other) => stems.has(other) || headingStems.has(other));
}

const isSpelledAlike = ({ stem }: QuestionTerm, { view: { stems, headingStems } }: RankedChunk): boolean =>
  [...stems, ...headingStems].some((other) => nearForm(stem, other) >= NAME_LIKENESS);

/**
 * Whether evidence in the other language surely names what the question does. A name that nothing tells the spelling of
 * passes for there in what may be related, and not in an answer.
 */
function isSurelyNamed({ terms, language }: Question, chunk: RankedChunk): boolean {
  const { stems, headingStems, spellings } = chunk.view;
  return terms.every((term) => {
    if (!term.isExact || term.isNumber || stems.has(term.stem) || headingStems.has(term.stem)) return true;
    // Of a country the guard has seen to it.
    if (spellings.has(term.fold) || otherRegionStems(term.stem, language) !== undefined) return true;
    return chunk.parties?.has(term.stem) === true || isSpelledAlike(term, chunk);
  });
}

function leadOver(chunks: readonly RankedChunk[]): number {
  const [best, ...others] = chunks.toSorted((a, b) => b.score - a.score);
  const second = others.find((chunk) => chunk.view.wording !== best?.view.wording);
  return best === undefined ? 0 : best.score - (second?.score ?? 0);
}

function sentenceLead(chunks: readonly RankedChunk[], ranked: readonly RankedSentence[]): number {
  const [best] = ranked;
  if (best === undefined) return 0;
  const { wording } = chunks[best.chunk]!.view;
  const rival = ranked.find(({ chunk }) => chunks[chunk]!.view.wording !== wording);
  return rival === undefined ? NO_RIVAL_LEAD : Math.min(MOST_LEAD, best.score - rival.score);
}

function refusalFeatures(
  question: Question,
  chunks: readonly RankedChunk[],
  ranked: readonly RankedSentence[],
): RefusalFeatures {
  const best = ranked[0]!;
  const chunk = chunks[best.chunk]!;
  const { sentences, headings, stems, headingStems } = chunk.view;
  const near = sentences.slice(Math.max(0, best.sentence - 1), best.sentence + 2);
  const names = question.terms.filter((term) => term.isExact);
  let exact = 0;
  let fromParties = 0;
  for (const { stem, weight, isNumber } of names) {
    if (stems.has(stem) || headingStems.has(stem)) exact += weight;
    else if (!isNumber && chunk.parties?.has(stem) === true) fromParties += weight;
  }
  exact += fromParties;
  const sentence = sentences[best.sentence]!;
  const window = softShare(question, question.match.match(...windowOf(chunk, best), headings), near);
  const above = [headings, ...(sentence.header === undefined ? [] : [sentence.header])];
  const titled = softShare(question, question.match.match(sentence, ...above), [sentence]);
  return {
    score: chunk.score,
    window: Math.max(best.features.soft, Math.min(1, window + fromParties / question.totalWeight)),
    sentence: best.features.soft,
    margin: leadOver(chunks),
    exact: question.exactWeight > 0 ? exact / question.exactWeight : 0.5,
    spelling: spellingShare(question, chunk.view),
    lead: sentenceLead(chunks, ranked),
    titled: Math.max(best.features.soft, Math.min(1, titled + fromParties / question.totalWeight)),
    lacksType: best.features.lacksType,
    length: Math.log(1 + question.terms.length),
  };
}

function logitOf(features: RefusalFeatures): number {
  return (
    REFUSAL.window * features.window +
    REFUSAL.sentence * features.sentence +
    REFUSAL.titled * features.titled +
    REFUSAL.margin * features.margin +
    REFUSAL.exact * features.exact +
    REFUSAL.lead * features.lead +
    REFUSAL.length * features.length +
    REFUSAL.lacksType * features.lacksType +
    REFUSAL.bias
  );
}

/**
 * Judges the best sentence: first the guard (every name and number of the question must occur in the chunk or its
 * headings), then a logistic score against two thresholds. Evidence in another language answers at a
 * threshold of its own, where every name is surely there. A strict collection has no middle grade.
 */
export function gradeEvidence(
  question: Question,
  chunks: readonly RankedChunk[],
  ranked: readonly [RankedSentence, ...RankedSentence[]],
  isStrict = false,
): EvidenceGrade {
  const [best] = ranked;
  const chunk = chunks[best.chunk]!;
  const missing = missingTerms(question, chunk, best).map((term) => term.surface);
  const features = refusalFeatures(question, chunks, ranked);
  const logit = logitOf(features) + (chunk.isForeign ? REFUSAL.foreign : 0);
  const isLacking = missing.length > 0 || isOfOtherMatter(question, chunk, best);
  const isShort = isLacking || logit < (isStrict ? REFUSAL.answered : REFUSAL.related);
  if (isShort) return { grade: 'insufficient', logit, missing, features };
  const isCarried = chunk.isForeign
    ? logit >= REFUSAL.answeredAcross && isSurelyNamed(question, chunk)
    : logit >= REFUSAL.answered;
  const isAnswer = isCarried && holdsAsked(question, chunk, best);
  return { grade: isAnswer ? 'answered' : 'related', logit, missing, features };
}

/** Whether the sentence, however well it fits, tells something else than what is asked for. */
function isOfOtherMatter(question: Question, chunk: RankedChunk, best: RankedSentence): boolean {
  return (
    lacksAsked(question, chunk, best) ||
    lacksRole(question, chunk, best) ||
    isOfAnotherRow(question, chunk, best)
  );
}

/** Whether nothing of a kind that cannot be worded otherwise (an address, a name, a price) is in the sentence. */
function lacksAsked(question: Question, { view }: RankedChunk, { sentence }: RankedSentence): boolean {
  if (!isIndispensable(question.type)) return false;
  return findSigns(question.type, view.sentences[sentence]!.text)?.length === 0;
}

const meets = ({ has, near, isKin, isKindred }: TermMatches, term: number): boolean =>
  has[term] === true || near[term]! > 0 || isKin[term] === true || isKindred[term] === true;

/**
 * Whether a table's row is about another thing than what is asked. Of the question's words those that say which table
 * and which column are left aside. Of the others the row must have one; and where its label has both a word of the
 * question and one that is not in it, every one (a swimming course is no language course).
 */
function isOfAnotherRow(question: Question, { view }: RankedChunk, { sentence }: RankedSentence): boolean {
  const row = view.sentences[sentence]!;
  if (row.table === undefined) return false;
  const { terms, match } = question;
  const above = match.match(row.header ?? view.headings, view.headings);
  const here = match.match(row);
  const open = terms.flatMap(({ fold }, index) => (meets(above, index) || isLightWord(fold) ? [] : [index]));
  const isHere = (index: number): boolean => {
    const term = terms[index]!;
    return term.isNumber ? isCovered(term, [row]) : meets(here, index);
  };
  if (open.length > 0 && !open.some(isHere) && !open.every((index) => terms[index]!.isNumber)) return true;
  const label = [...row.labelStems].filter((stem) => stem.length > 2);
  const isAsked = (stem: string): boolean => terms.some((term) => term.stem === stem);
  const isOtherLabel = label.some(isAsked) && !label.every(isAsked);
  return isOtherLabel && open.some((index) => !isHere(index));
}

/** Whether the role that somebody is looked for in (Kdo je pokladník?) is named nowhere around the sentence. */
function lacksRole(question: Question, chunk: RankedChunk, best: RankedSentence): boolean {
  if (!ASKS_FOR_ROLE.test(question.text)) return false;
  const role = question.terms.findIndex(({ isExact, fold }) => !isExact && !isLightWord(fold));
  if (role < 0) return false;
  return !meets(question.match.match(...windowOf(chunk, best), chunk.view.headings), role);
}

/** Whether something of the asked kind (an amount, a date, a phone number) stands in the sentence. */
function holdsAsked(question: Question, { view }: RankedChunk, { sentence }: RankedSentence): boolean {
  if (!isMeasurable(question.type)) return true;
  return (findSigns(question.type, view.sentences[sentence]!.text)?.length ?? 1) > 0;
}
