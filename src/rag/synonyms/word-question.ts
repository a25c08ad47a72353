import type { Span } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';
import type { Language } from '../analysis/language.ts';
import type { SynonymGroup } from './parse-synonyms.ts';

/** A phrase of a question, and the synonym that stands in its place. */
export interface Replacement {
  readonly asked: string;
  readonly by: string;
}

/** A question in other words: some of its phrases replaced by synonyms. */
export interface Wording {
  readonly text: string;
  readonly replaced: readonly Replacement[];
}

/** Other wordings of one question at most: each is looked for like a question of its own. */
export const MAX_WORDINGS = 6;

/** A list of synonyms, ready to reword questions. */
export interface Synonyms {
  /** The other wordings of a question, those with the fewest phrases replaced first; empty where nothing applies. */
  reword(question: string, language: Language): readonly Wording[];
}

interface Phrase {
  readonly stems: readonly string[];
  readonly alternatives: readonly string[];
}

interface Match extends Span {
  readonly alternatives: readonly string[];
}

type Phrases = ReadonlyMap<string, readonly Phrase[]>;

/** Words as the index has them, so that inflections of a phrase meet. Concepts of the glossary stand for no word. */
const wordsOf = (text: string, language: Language) =>
  analyze(text, language).filter(({ kind, isPart }) => kind !== 'concept' && !isPart);

/** Makes a list ready. Phrases are analysed once for each language that somebody asks in. */
export function createSynonyms(groups: readonly SynonymGroup[]): Synonyms {
  const byLanguage = new Map<Language, Phrases>();
  return {
    reword(question, language) {
      let phrases = byLanguage.get(language);
      if (phrases === undefined) byLanguage.set(language, (phrases = toPhrases(groups, language)));
      return combine(question, findMatches(question, language, phrases));
    },
  };
}

/** Phrases that may be asked for, by their first stem, longest first. */
function toPhrases(groups: readonly SynonymGroup[], language: Language): Phrases {
  const phrases = new Map<string, Phrase[]>();
  for (const { phrases: members, isOneWay } of groups) {
    for (const [place, member] of members.entries()) {
      if (isOneWay && place > 0) break;
      const stems = wordsOf(member, language).map(({ stem }) => stem);
      const [first] = stems;
      if (first === undefined) continue;
      const list = phrases.get(first) ?? [];
      list.push({ stems, alternatives: members.filter((other) => other !== member) });
      phrases.set(first, list);
    }
  }
  for (const list of phrases.values()) list.sort((a, b) => b.stems.length - a.stems.length);
  return phrases;
}

/** The phrases of a question that have synonyms, from left to right, the longest where several begin. */
function findMatches(question: string, language: Language, phrases: Phrases): Match[] {
  const words = wordsOf(question, language);
  const found: Match[] = [];
  for (let at = 0; at < words.length; at++) {
    const fitting = (phrases.get(words[at]!.stem) ?? []).filter(({ stems }) =>
      stems.every((stem, offset) => words[at + offset]?.stem === stem),
    );
    const length = fitting[0]?.stems.length;
    if (length === undefined) continue;
    // A phrase may be in several groups.
    const same = fitting.filter(({ stems }) => stems.length === length);
    const alternatives = [...new Set(same.flatMap((phrase) => phrase.alternatives))];
    found.push({ start: words[at]!.start, end: words[at + length - 1]!.end, alternatives });
    at += length - 1;
  }
  return found;
}

/** A choice for each match: a place among its alternatives, or as it was asked. */
type Choice = readonly (string | undefined)[];

function combine(question: string, matches: readonly Match[]): Wording[] {
  let choices: Choice[] = [[]];
  for (const { alternatives } of matches) {
    choices = choices
      .flatMap((choice) => [undefined, ...alternatives].map((one): Choice => [...choice, one]))
      .toSorted((a, b) => replacedCount(a) - replacedCount(b))
      .slice(0, MAX_WORDINGS + 1);
  }
  return choices
    .filter((choice) => replacedCount(choice) > 0)
    .map((choice) => toWording(question, matches, choice));
}

const replacedCount = (choice: Choice): number => choice.filter((one) => one !== undefined).length;

function toWording(question: string, matches: readonly Match[], choice: Choice): Wording {
  let text = '';
  let done = 0;
  const replaced: Replacement[] = [];
  for (const [index, { start, end }] of matches.entries()) {
    const by = choice[index];
    if (by === undefined) continue;
    replaced.push({ asked: question.slice(start, end), by });
    text += question.slice(done, start) + by;
    done = end;
  }
  return { text: text + question.slice(done), replaced };
}
