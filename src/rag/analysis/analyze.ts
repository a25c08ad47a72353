import { foldDiacritics, WordTable, type Span } from '#core/index.ts';
import { ConceptFinder, foldedWords } from './concepts.ts';
import { findExactForms, mayHaveForms, type ExactForm } from './exact-forms.ts';
import { toLanguage, type Language } from './language.ts';
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
 * A searchable term with its place in the text. `stem` and `fold` are the same for numbers and exact forms; a
 * concept, which stands for a phrase of the glossary in any language, has no fold.
 */
export interface Term {
  readonly stem: string;
  readonly fold: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'word' | 'concept' | ExactForm['kind'];
  /** Inside an exact form: the document keeps it, a query asks for the whole. */
  readonly isPart: boolean;
  /** Inside a concept: a query asks for the concept instead. */
  readonly isCovered: boolean;
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
function stemWord(folded: string, language: Language | undefined): string {
  const whole = UNITS.get(folded) ?? numeralOf(folded);
  if (whole !== undefined) return whole;
  return language === undefined || /\d/.test(folded) ? folded : STEMMERS[language](folded);
}

/** What a word is in one language, wherever it stands: looked up once for each place, not worked out. */
interface KnownWord {
  readonly stem: string;
  /** The folded word, or the one name of a unit. */
  readonly name: string;
  readonly isStop: boolean;
  readonly isYear: boolean;
  /** A phrase of the glossary may begin with it. */
  readonly opensConcept: boolean;
}

const finderOf = (language: Language): ConceptFinder =>
  new ConceptFinder(language, (phrase) =>
    foldedWords(phrase)
      .filter((word) => !isStopWord(word) || ACRONYMS.has(word.toUpperCase()))
      .map((word) => stemWord(word, language)),
  );
// Slovak questions are matched with the Czech phrases, as far as the stems agree.
const CONCEPTS = { cs: finderOf('cs'), en: finderOf('en'), sk: finderOf('cs') };

/** The words of texts in one language; all that is asked of a word lies together. */
function wordsOf(language: Language | undefined): WordTable<KnownWord> {
  return new WordTable((word) => {
    const fold = foldDiacritics(word);
    const name = UNITS.get(fold) ?? fold;
    const stem = stemWord(fold, language);
    return {
      stem,
      name,
      isStop: isStopWord(fold),
      isYear: /^\d{4}$/.test(fold),
      opensConcept: language !== undefined && CONCEPTS[language].opensWith({ stem, fold: name }),
    };
  });
}

const KNOWN_WORDS = new Map<Language | undefined, WordTable<KnownWord>>();

function knownWordsOf(language: Language | undefined): WordTable<KnownWord> {
  let words = KNOWN_WORDS.get(language);
  if (words === undefined) KNOWN_WORDS.set(language, (words = wordsOf(language)));
  return words;
}

/**
 * The terms of a text in reading order: stop words left out, words as stem and folded form, dates, numbers, sections
 * of laws, codes, e-mail addresses in one spelling each, phrases of the glossary as concepts. `§ 52 písm. c)` gives
 * `§52` and `pismc`; `1. 3. 2024` gives `2024-03-01` beside its parts; `12 000` gives `12000`.
 */
export function analyze(text: string, language: string): Term[] {
  const known = toLanguage(language);
  const forms = mayHaveForms(text) ? findExactForms(text) : [];
  const terms: Term[] = [];
  let next = 0;
  let isConceptNear = false;
  knownWordsOf(known).scan(text, (word, start, end) => {
    while (next < forms.length && forms[next]!.start <= start) terms.push(formTerm(forms[next++]!));
    const form = forms[next - 1];
    const isInside = form !== undefined && start < form.end;
    if (isInside && form.isWhole) return;
    if (word.isStop && !isAcronym(text, { start, end })) return;
    isConceptNear ||= word.opensConcept;
    // A year is asked for on its own; the day and the month of a date are not.
    const isPart = isInside && form.kind === 'date' && !word.isYear;
    terms.push({ stem: word.stem, fold: word.name, start, end, kind: 'word', isPart, isCovered: false });
  });
  while (next < forms.length) terms.push(formTerm(forms[next++]!));
  return known !== undefined && isConceptNear ? withConcepts(terms, known) : terms;
}

function formTerm({ form, kind, start, end }: ExactForm): Term {
  return { stem: form, fold: form, kind, start, end, isPart: false, isCovered: false };
}

function isAcronym(text: string, { start, end }: Span): boolean {
  if (!ACRONYMS.has(text.slice(start, end))) return false;
  // In a line of capitals a capital says nothing.
  return !/\p{Lu}{2}[^\p{L}]{1,2}$/u.test(text.slice(Math.max(0, start - 4), start));
}

const NO_WORD = { stem: '', fold: '' };

/** Adds the concepts, each before its first word, and marks the words that the longest of them cover. */
function withConcepts(terms: Term[], language: Language): Term[] {
  // What is no word of its own begins no phrase and goes on none.
  const words = terms.map((term) => (term.kind === 'word' && !term.isPart ? term : NO_WORD));
  const matches = CONCEPTS[language].find(words);
  if (matches.length === 0) return terms;
  const result: Term[] = [];
  let coveredUntil = 0;
  let next = 0;
  for (const [index, term] of terms.entries()) {
    for (; next < matches.length && matches[next]!.from === index; next++) {
      const { form, length } = matches[next]!;
      // Nested in a longer one: a document has both, a query asks for the longer one alone.
      const isNested = index < coveredUntil;
      if (!isNested) coveredUntil = index + length;
      const { end } = terms[index + length - 1]!;
      result.push({
        ...term,
        stem: form,
        fold: '',
        kind: 'concept',
        end,
        isPart: false,
        isCovered: isNested,
      });
    }
    result.push(index < coveredUntil ? { ...term, isCovered: true } : term);
  }
  return result;
}

/** Whether a query asks for this term: parts of exact forms and words of asking it does not. */
export function isAsked(term: Term): boolean {
  return !term.isPart && !(term.kind === 'word' && isQuestionWord(term.fold));
}
