import { findWords, foldDiacritics, type Word } from '#core/index.ts';
import { findExactForms, type ExactForm } from './exact-forms.ts';
import { toLanguage } from './language.ts';
import { numeralOf } from './numerals.ts';
import { stemCzech } from './stem-czech.ts';
import { stemEnglish } from './stem-english.ts';
import { stemSlovak } from './stem-slovak.ts';
import { isQuestionWord, isStopWord } from './stop-words.ts';

/**
 * Names everything that decides which terms a text has. An index keeps it in its manifest, and one made by
 * another version is made anew. Raise it with every change to this folder that changes terms.
 */
export const ANALYZER_VERSION = 'cs-en-sk/1';

/**
 * A searchable term with its place in the text. `stem` and `fold` are the same for numbers and exact forms.
 * `isPart` marks a word inside an exact form: the document keeps it, a query asks for the whole.
 */
export interface Term {
  readonly stem: string;
  readonly fold: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'word' | ExactForm['kind'];
  readonly isPart: boolean;
}

const STEMMERS = { cs: stemCzech, en: stemEnglish, sk: stemSlovak };
// Units that are written as a sign, a code or a word.
const UNITS = new Map([
  ['czk', 'kc'],
  ['korun', 'kc'],
  ['koruny', 'kc'],
  ['euro', 'eur'],
  ['eura', 'eur'],
  ['euros', 'eur'],
  ['dolar', 'usd'],
  ['dolaru', 'usd'],
  ['dollar', 'usd'],
  ['dollars', 'usd'],
]);
// Acronyms that are stop words in lower case; they count when written in capitals among other words.
const ACRONYMS = new Set(['IT', 'US', 'WHO']);

/** The stem of a folded word. Words with a digit, and languages without a stemmer, keep theirs. */
export function stemWord(folded: string, language: string): string {
  const whole = UNITS.get(folded) ?? numeralOf(folded);
  if (whole !== undefined) return whole;
  const known = toLanguage(language);
  return known === undefined || /\d/.test(folded) ? folded : STEMMERS[known](folded);
}

/**
 * The terms of a text in reading order: stop words left out, words as stem and folded form, and dates, numbers,
 * sections of laws, codes, e-mail addresses in one spelling each. `§ 52 písm. c)` gives `§52` and `pismc`;
 * `1. 3. 2024` gives `2024-03-01` beside its parts; `12 000` gives `12000`.
 */
export function analyze(text: string, language: string): Term[] {
  const forms = /[\d@§]|\p{L}[.-]\p{L}|\. r\. |a\. s\.|p[ií]sm/iu.test(text) ? findExactForms(text) : [];
  const terms: Term[] = [];
  let next = 0;
  for (const word of findWords(text)) {
    while (next < forms.length && forms[next]!.start <= word.start) terms.push(formTerm(forms[next++]!));
    const form = forms[next - 1];
    const isInside = form !== undefined && word.start < form.end;
    if (isInside && form.isWhole) continue;
    const term = wordTerm(text, word, language, isInside);
    if (term !== undefined) terms.push(isInside && form.kind !== 'date' ? { ...term, isPart: false } : term);
  }
  while (next < forms.length) terms.push(formTerm(forms[next++]!));
  return terms;
}

function formTerm({ form, kind, start, end }: ExactForm): Term {
  return { stem: form, fold: form, kind, start, end, isPart: false };
}

function wordTerm(text: string, word: Word, language: string, isInside: boolean): Term | undefined {
  const fold = foldDiacritics(word.text);
  if (isStopWord(fold) && !isAcronym(text, word)) return undefined;
  // A year is asked for on its own; the day and the month of a date are not.
  const isPart = isInside && !/^\d{4}$/.test(fold);
  const stem = stemWord(fold, language);
  return { stem, fold: UNITS.get(fold) ?? fold, start: word.start, end: word.end, kind: 'word', isPart };
}

function isAcronym(text: string, { start, end }: Word): boolean {
  if (!ACRONYMS.has(text.slice(start, end))) return false;
  // In a line of capitals a capital says nothing.
  return !/\p{Lu}{2}[^\p{L}]{1,2}$/u.test(text.slice(Math.max(0, start - 4), start));
}

/** Whether a query asks for this term: parts of exact forms and words of asking it does not. */
export function isAsked(term: Term): boolean {
  return !term.isPart && !(term.kind === 'word' && isQuestionWord(term.fold));
}
