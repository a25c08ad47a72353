import { analyze, isAsked, type Term } from '../analysis/analyze.ts';
import { spellingGrams } from '../analysis/skeleton.ts';
import { kindredOf } from './kindred-words.ts';
import { isLightWord } from './light-words.ts';
import { QuestionMatch } from './question-match.ts';
import type { ChunkView } from './sentence-view.ts';
import { rootsOf } from './word-root.ts';
import { questionType, type QuestionType } from './question-type.ts';

/** One distinct term of a question. `weight` is how much it says: its inverse document frequency. */
export interface QuestionTerm {
  readonly stem: string;
  readonly fold: string;
  readonly weight: number;
  /** A proper name, a number, a date, a code: evidence without it is about something else. */
  readonly isExact: boolean;
  readonly isNumber: boolean;
  /** Of a measure (`10 hodin`), the term of its unit: a text may speak of it by a range (`5 až 12 hodin`). */
  readonly unit: string | undefined;
  /** As it was asked, for people. */
  readonly surface: string;
  /** Its spelling in fours, for words of the other language; empty for what is too short. */
  readonly grams: ReadonlySet<string>;
  /** Its Czech or Slovak roots; empty in English, of names, numbers and concepts. */
  readonly roots: readonly string[];
  /** Stems of words for the same matter, in both languages; empty for names and numbers. */
  readonly kindred: ReadonlySet<string>;
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
  /** Looks its terms up in texts. */
  readonly match: QuestionMatch;
  readonly vector: Float32Array | undefined;
}

/** What a word counts that says little about what is asked. */
const LIGHT = 0.4;

/**
 * Takes a question apart and looks its terms up in the evidence. A capital at its very beginning does not make a name.
 * @param views of the evidence: what is rare in it says most.
 */
export function parseQuestion(
  text: string,
  language: string,
  views: readonly ChunkView[],
  vector?: Float32Array,
): Question {
  const sought = soughtTerms(text, language);
  const match = new QuestionMatch(sought);
  const weights = weightsIn(match, views, sought.length);
  const terms = sought.map((term, index): QuestionTerm => {
    return { ...term, weight: weights[index]! * (isLightWord(term.fold) ? LIGHT : 1) };
  });
  return {
    text,
    language,
    type: questionType(text),
    terms,
    byStem: new Map(terms.map((term) => [term.stem, term])),
    totalWeight: sum(terms) || 1,
    exactWeight: sum(terms.filter((term) => term.isExact)),
    match,
    vector,
  };
}

/**
 * Inverse frequencies of the terms over the sentences of the evidence: ln(1 + (N − n + ½) / (n + ½)). What none of it
 * has says most.
 */
function weightsIn(match: QuestionMatch, views: readonly ChunkView[], count: number): number[] {
  const found = Array.from({ length: count }, () => 0);
  const sentences = views.flatMap((view) => match.matchChunk(view).sentences);
  for (const { has } of sentences) {
    for (let term = 0; term < count; term++) if (has[term] === true) found[term]! += 1;
  }
  return found.map((number) => Math.log(1 + (sentences.length - number + 0.5) / (number + 0.5)));
}

function soughtTerms(text: string, language: string): Omit<QuestionTerm, 'weight'>[] {
  const byStem = new Map<string, Omit<QuestionTerm, 'weight'>>();
  const analyzed = analyze(text, language);
  for (const [index, term] of analyzed.entries()) {
    if (!isAsked(term) || term.isCovered) continue;
    const known = byStem.get(term.stem);
    const isExact = isExactTerm(text, term) || known?.isExact === true;
    const first = firstWordOf(analyzed, index);
    byStem.set(term.stem, {
      stem: term.stem,
      fold: term.fold,
      isExact,
      isNumber: /\d/.test(term.stem),
      unit: unitOf(text, term, analyzed[index + 1]),
      surface: text.slice(term.start, term.end),
      grams: spellingGrams(term.fold),
      kindred: isExact ? new Set() : kindredOf(term.stem).union(kindredOf(first)),
      roots: language === 'en' || isExact ? [] : rootsOf(first),
    });
  }
  return [...byStem.values()];
}

/** The first word of a phrase that stands for one meaning, since a text may shorten it (notice, notice period); any other term as it is. */
function firstWordOf(analyzed: readonly Term[], index: number): string {
  const { stem, kind, start, end } = analyzed[index]!;
  if (kind !== 'concept') return kind === 'word' ? stem : '';
  const words = analyzed
    .slice(index + 1)
    .filter((term) => term.kind === 'word' && term.start >= start && term.end <= end);
  return words.length > 1 ? words[0]!.stem : '';
}

const UNIT =
  /^[\s\u00a0-]{0,2}(?:%|procent|percent|Kč|korun|eur|€|dolar|dollar|pound|sekund|second|minut|hodin|hour|d[ne][ínůyť]|den|day|týd|tyd|week|měsíc|mesic|month|let|rok|year|km|kilomet|metr|m²|m2|kg|kil|gram|tun|litr|kus|ks|piece|osob|person|people|stup|patr|MB|GB)/iu;

function unitOf(text: string, term: Term, next: Term | undefined): string | undefined {
  return /^\d+(?:\.\d+)?$/.test(term.stem) && UNIT.test(text.slice(term.end)) ? next?.stem : undefined;
}

function sum(terms: readonly QuestionTerm[]): number {
  return terms.reduce((total, term) => total + term.weight, 0);
}

function isExactTerm(text: string, term: Term): boolean {
  if (term.kind !== 'word' && term.kind !== 'concept') return term.kind !== 'abbreviation';
  const surface = text.slice(term.start, term.end);
  if (/\d/.test(surface)) return true;
  // An acronym of everyday life (NDA) is written out as often.
  if (/^\p{Lu}{2,5}$/u.test(surface) && kindredOf(term.stem).size > 0) return false;
  // Capitals inside the sentence; a question in capitals throughout has none that say something.
  return (
    /^\p{Lu}/u.test(surface) &&
    text.slice(0, term.start).trim() !== '' &&
    !/[.!?]\s*["„“]?$/u.test(text.slice(0, term.start)) &&
    /\p{Ll}/u.test(text)
  );
}
