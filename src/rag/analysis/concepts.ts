import { findWords, foldDiacritics } from '#core/index.ts';
import { EMPLOYMENT } from './glossary/employment.ts';
import { GENERAL } from './glossary/general.ts';
import { LAW } from './glossary/law.ts';
import { MONEY } from './glossary/money.ts';
import { SECURITY } from './glossary/security.ts';
import type { Language } from './language.ts';

/** Words of one meaning in Czech and in English. */
export interface GlossaryGroup {
  readonly czech: readonly string[];
  readonly english: readonly string[];
}

/** A phrase of the glossary in a text: `form` is the same in every language. Counted in terms, not characters. */
export interface ConceptMatch {
  readonly form: string;
  readonly from: number;
  readonly length: number;
}

/** Marks a term that stands for a meaning; no word begins with it. */
export const CONCEPT_MARK = '=';

function parseGroups(source: string): GlossaryGroup[] {
  const phrases = (side = ''): string[] => side.split(',').map((phrase) => phrase.trim());
  return source
    .trim()
    .split('\n')
    .map((line) => line.split('|'))
    .map(([czech, english]) => ({ czech: phrases(czech), english: phrases(english) }));
}

/** The glossary: general office Czech and English, our own. */
export const GLOSSARY: readonly GlossaryGroup[] = [EMPLOYMENT, LAW, MONEY, SECURITY, GENERAL].flatMap(
  parseGroups,
);

/** A word of a phrase: any form of it by its stem, or in quotes one form alone, where the stem has another meaning. */
interface PhraseWord {
  readonly text: string;
  readonly isExact: boolean;
}

interface Phrase {
  readonly words: readonly PhraseWord[];
  readonly form: string;
}

/** Finds phrases of the glossary among the terms of one language. */
export class ConceptFinder {
  /** By the stem of the first word, longest first. */
  readonly #phrases = new Map<string, Phrase[]>();
  /** By the first word itself, where only that form counts. */
  readonly #exact = new Map<string, Phrase[]>();

  /** @param stemsOf the stems of a phrase, stop words left out, as the analyser makes them. */
  constructor(language: Language, stemsOf: (phrase: string) => readonly string[]) {
    for (const group of GLOSSARY) {
      const form = CONCEPT_MARK + (group.english[0] ?? group.czech.join());
      for (const phrase of language === 'en' ? group.english : group.czech) {
        const isExact = phrase.startsWith('"');
        const texts = isExact ? foldedWords(phrase) : stemsOf(phrase);
        this.#add(
          texts.map((text) => ({ text, isExact })),
          form,
        );
      }
    }
    for (const list of [...this.#phrases.values(), ...this.#exact.values()])
      list.sort((a, b) => b.words.length - a.words.length);
  }

  #add(words: readonly PhraseWord[], form: string): void {
    const [first] = words;
    if (first === undefined) return;
    const phrases = first.isExact ? this.#exact : this.#phrases;
    const list = phrases.get(first.text) ?? [];
    list.push({ words, form });
    phrases.set(first.text, list);
  }

  /** Whether a phrase may begin with this term. */
  opensWith({ stem, fold }: { readonly stem: string; readonly fold: string }): boolean {
    return this.#exact.has(fold) || this.#phrases.has(stem);
  }

  /** Every phrase in a run of terms, nested ones too, by where they begin and longest first. */
  find(terms: readonly { readonly stem: string; readonly fold: string }[]): ConceptMatch[] {
    const found: ConceptMatch[] = [];
    for (const [from, { stem, fold }] of terms.entries()) {
      const exact = this.#exact.get(fold);
      const phrases = this.#phrases.get(stem);
      if (exact === undefined && phrases === undefined) continue;
      for (const { words, form } of [...(exact ?? []), ...(phrases ?? [])]) {
        const fits = words.every(({ text, isExact }, offset) => {
          const term = terms[from + offset];
          return text === (isExact ? term?.fold : term?.stem);
        });
        if (fits) found.push({ form, from, length: words.length });
      }
    }
    return found;
  }
}

/** Folded words of a phrase, for making its stems. */
export function foldedWords(phrase: string): string[] {
  return findWords(phrase).map((word) => foldDiacritics(word.text));
}
