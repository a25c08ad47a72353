import { findWords, foldDiacritics, memoizeWords } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';
import { skeletonGrams } from '../analysis/skeleton.ts';

/** Marks a feature that is a gram of spelling, not a stem. */
export const GRAM_MARK = '~';
const SHORTEST_WORD = 4;

const markedGrams = memoizeWords((word) => skeletonGrams(word).map((gram) => GRAM_MARK + gram));

/**
 * What the bilingual table knows a text by: the stems of its words and the fours of their spelling skeletons, as often
 * as they come. The same for making the table and for using it.
 */
export function textFeatures(text: string, language: string): string[] {
  const features = analyze(text, language).map((term) => term.stem);
  const words = findWords(text).map((word) => foldDiacritics(word.text));
  for (const word of words) if (word.length >= SHORTEST_WORD) features.push(...markedGrams(word));
  return features;
}
