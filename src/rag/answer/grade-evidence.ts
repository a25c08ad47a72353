import type { AnswerGrade } from '#core/index.ts';
import { findSigns } from './answer-signs.ts';
import { isIndispensable, isMeasurable } from './question-type.ts';
import type { Question, QuestionTerm } from './question.ts';
import type { RankedChunk, RankedSentence } from './rank-sentences.ts';
import { nearForm } from './question-match.ts';
import { isCovered, softShare } from './sentence-features.ts';
import { otherRegionStems } from './region-names.ts';
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
  /** ln(1 + number of terms): a long question is seldom covered whole. */
  readonly length: number;
}

/**
 * Weights and thresholds of the refusal rule. The weights are fitted on public English questions with their evidence
 * there, removed, and removed with all of its article (XQuAD, CC BY-SA 4.0), and on the calibrating half of our own
 * questions, each counted several times; `related` is where that half has 0.15 false refusals.
 */
const REFUSAL = {
  score: 2.71,
  window: 1.12,
  sentence: 2.81,
  margin: 2.01,
  exact: 1.47,
  spelling: 0.06,
  lead: 0.52,
  length: 0.83,
  /** Across languages fewer words can meet. */
  foreign: 0.6,
  bias: -6.89,
  /** Below: not enough. From here to `answered`: perhaps related. */
  related: -1.6,
  answered: 0.5,
} as const;
const MOST_LEAD = 3;
/** Where nothing else was found there is nothing to lead. */
const NO_RIVAL_LEAD = 1.5;
const NAME_LIKENESS = 0.5;

function missingTerms(question: Question, chunk: RankedChunk): QuestionTerm[] {
  const { sentences, stems, headingStems } = chunk.view;
  return question.terms.filter((term) => {
    if (!term.isExact || stems.has(term.stem) || headingStems.has(term.stem)) return false;
    if (chunk.view.spellings.has(term.fold) || isCovered(term, sentences)) return false;
    if (term.isNumber) return true;
    // A name may be spelled otherwise in the other language; of countries it is known how.
    if (chunk.isForeign) {
      const others = otherRegionStems(term.stem, question.language);
      return others !== undefined && !others.some((stem) => stems.has(stem) || headingStems.has(stem));
    }
    for (const stem of [...stems, ...headingStems])
      if (nearForm(term.stem, stem) >= NAME_LIKENESS) return false;
    return true;
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
  for (const { stem, weight } of names) if (stems.has(stem) || headingStems.has(stem)) exact += weight;
  return {
    score: chunk.score,
    window: softShare(question, question.match.match(...near, headings), near),
    sentence: best.features.soft,
    margin: leadOver(chunks),
    exact: question.exactWeight > 0 ? exact / question.exactWeight : 0.5,
    spelling: spellingShare(question, chunk.view),
    lead: sentenceLead(chunks, ranked),
    length: Math.log(1 + question.terms.length),
  };
}

/**
 * Judges the best sentence: first the guard (every name and number of the question must occur in the chunk or its
 * headings), then a logistic score against two thresholds. Evidence in another language is never more than
 * related, since that was not calibrated. A strict collection has no middle grade.
 */
export function gradeEvidence(
  question: Question,
  chunks: readonly RankedChunk[],
  ranked: readonly [RankedSentence, ...RankedSentence[]],
  isStrict = false,
): EvidenceGrade {
  const [best] = ranked;
  const chunk = chunks[best.chunk]!;
  const missing = missingTerms(question, chunk).map((term) => term.surface);
  const features = refusalFeatures(question, chunks, ranked);
  const logit =
    REFUSAL.score * features.score +
    REFUSAL.window * features.window +
    REFUSAL.sentence * features.sentence +
    REFUSAL.margin * features.margin +
    REFUSAL.exact * features.exact +
    REFUSAL.spelling * features.spelling +
    REFUSAL.lead * features.lead +
    REFUSAL.length * features.length +
    (chunk.isForeign ? REFUSAL.foreign : 0) +
    REFUSAL.bias;
  const isLacking = missing.length > 0 || lacksAsked(question, chunk, best);
  const isShort = isLacking || logit < (isStrict ? REFUSAL.answered : REFUSAL.related);
  if (isShort) return { grade: 'insufficient', logit, missing, features };
  const isAnswer = logit >= REFUSAL.answered && !chunk.isForeign && holdsAsked(question, chunk, best);
  return { grade: isAnswer ? 'answered' : 'related', logit, missing, features };
}

/** Whether nothing of a kind that cannot be worded otherwise (an address, a name, a price) is in the sentence. */
function lacksAsked(question: Question, { view }: RankedChunk, { sentence }: RankedSentence): boolean {
  if (!isIndispensable(question.type)) return false;
  return findSigns(question.type, view.sentences[sentence]!.text)?.length === 0;
}

/** Whether something of the asked kind (an amount, a date, a phone number) stands in the sentence. */
function holdsAsked(question: Question, { view }: RankedChunk, { sentence }: RankedSentence): boolean {
  if (!isMeasurable(question.type)) return true;
  return (findSigns(question.type, view.sentences[sentence]!.text)?.length ?? 1) > 0;
}
