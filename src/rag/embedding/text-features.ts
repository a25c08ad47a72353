import { findWords, foldDiacritics } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';
import { skeletonGrams } from '../analysis/skeleton.ts';

/** Marks a feature that is a gram of spelling, not a stem. */
export const GRAM_MARK = '~';
const SHORTEST_WORD = 4;

/**
 * What the bilingual table knows a text by: the stems of its words and the fours of their spelling skeletons, as often
 * as they come. The same for making the table and for using it.
 */
export function textFeatures(text: string, language: string): string[] {
  const stems = analyze(text, language).map((term) => term.stem);
  const words = findWords(text).map((word) => foldDiacritics(word.text));
  const grams = words.filter((word) => word.length >= SHORTEST_WORD).flatMap(skeletonGrams);
  return [...stems, ...grams.map((gram) => GRAM_MARK + gram)];
}
