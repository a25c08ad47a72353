import { analyze, isAsked, type Term } from '../analysis/analyze.ts';
import { spellingGrams } from '../analysis/skeleton.ts';
import { questionType, type QuestionType } from './question-type.ts';

/** One distinct term of a question. `weight` is how much it says: its inverse document frequency. */
export interface QuestionTerm {
  readonly stem: string;
  readonly fold: string;
  readonly weight: number;
  /** A proper name, a number, a date, a code: evidence without it is about something else. */
  readonly isExact: boolean;
  readonly isNumber: boolean;
  /** As it was asked, for people. */
  readonly surface: string;
  /** Its spelling in fours, for words of the other language; empty for what is too short. */
  readonly grams: ReadonlySet<string>;
}

/** A question, taken apart once. */
export interface Question {
  readonly text: string;
  readonly language: string;
  readonly type: QuestionType;
  readonly terms: readonly QuestionTerm[];
  readonly byStem: ReadonlyMap<string, QuestionTerm>;
  /** Sum of the weights; never 0. */
  readonly totalWeight: number;
  readonly exactWeight: number;
  readonly vector: Float32Array | undefined;
}

/** Inverse document frequency of a stem. */
export type WeightOf = (stem: string) => number;

/** Takes a question apart. A capital at its very beginning does not make a name. */
export function parseQuestion(
  text: string,
  language: string,
  weightOf: WeightOf,
  vector?: Float32Array,
): Question {
  const byStem = new Map<string, QuestionTerm>();
  for (const term of analyze(text, language)) {
    if (!isAsked(term) || term.isCovered) continue;
    const known = byStem.get(term.stem);
    const isExact = isExactTerm(text, term) || known?.isExact === true;
    byStem.set(term.stem, {
      stem: term.stem,
      fold: term.fold,
      weight: weightOf(term.stem),
      isExact,
      isNumber: /\d/.test(term.stem),
      surface: text.slice(term.start, term.end),
      grams: spellingGrams(term.fold),
    });
  }
  const terms = [...byStem.values()];
  return {
    text,
    language,
    type: questionType(text),
    terms,
    byStem,
    totalWeight: sum(terms) || 1,
    exactWeight: sum(terms.filter((term) => term.isExact)),
    vector,
  };
}

function sum(terms: readonly QuestionTerm[]): number {
  return terms.reduce((total, term) => total + term.weight, 0);
}

function isExactTerm(text: string, term: Term): boolean {
  if (term.kind !== 'word' && term.kind !== 'concept') return term.kind !== 'abbreviation';
  if (/\d/.test(text.slice(term.start, term.end))) return true;
  // Capitals inside the sentence; a question in capitals throughout has none that say something.
  return (
    /^\p{Lu}/u.test(text.slice(term.start, term.end)) &&
    text.slice(0, term.start).trim() !== '' &&
    !/[.!?]\s*["„“]?$/u.test(text.slice(0, term.start)) &&
    /\p{Ll}/u.test(text)
  );
}
