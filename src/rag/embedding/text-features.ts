import { findWords, foldDiacritics, memoizeWords } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';
import { skeletonGrams } from '../analysis/skeleton.ts';

/** Marks a feature that is a gram of spelling, not a stem. */
export const GRAM_MARK = '~';
const SHORTEST_WORD = 4;

const markedGrams = memoizeWords((word) => skeletonGrams(word).map((gram) => GRAM_MARK + gram));

/** The stems of a text's words, as often as they come. */
export function stemFeatures(text: string, language: string): string[] {
  return analyze(text, language).map((term) => term.stem);
}

/** The fours of a word's spelling skeleton; short words have none. */
export function spellingFeatures(word: string): readonly string[] {
  const folded = foldDiacritics(word);
  return folded.length >= SHORTEST_WORD ? markedGrams(folded) : [];
}

/**
 * What the bilingual table knows a text by: the stems of its words and the fours of their spelling skeletons, as often
 * as they come. The same for making the table and for using it.
 */
export function textFeatures(text: string, language: string): string[] {
  const spellings = findWords(text).flatMap((word) => spellingFeatures(word.text));
  return [...stemFeatures(text, language), ...spellings];
}
