import { memoizeWords } from '#core/index.ts';

// A spelling skeleton that Czech, Slovak and English forms of one international word or name share:
// philosophy / filozofie, Turkey / Turecko, kvalita / quality. It needs no training and no word list.

const STEPS: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/ch/g, 'h'],
  [/ck|c(?=[aoulrtk])|q/g, 'k'],
  [/x/g, 'ks'],
  [/w/g, 'v'],
  [/y/g, 'i'],
  [/c|z|s+/g, 's'],
  [/(.)\1/g, '$1'],
  [/tion|sion/g, 'se'],
  [/ou|oo/g, 'u'],
  [/ae|ee|ea/g, 'e'],
];
const GRAM_LENGTH = 4;

/** The skeleton of a folded word. */
export function skeletonOf(word: string): string {
  return STEPS.reduce((skeleton, [pattern, to]) => skeleton.replace(pattern, to), word);
}

/**
 * Runs of four letters of the skeleton, with `^` and `$` at its ends; the whole where it is shorter. Repeats stay.
 * @see McNamee, Mayfield: Character N-Gram Tokenization for European Language Text Retrieval, 2004.
 */
export const skeletonGrams: (word: string) => readonly string[] = memoizeWords((word) => {
  const marked = `^${skeletonOf(word)}$`;
  const grams: string[] = [];
  for (let index = 0; index + GRAM_LENGTH <= marked.length; index++) {
    grams.push(marked.slice(index, index + GRAM_LENGTH));
  }
  return grams.length > 0 ? grams : [marked];
});

/** Whether a folded word takes part in the spelling signal: short words say nothing, numbers do. */
export function hasSpelling(word: string): boolean {
  return word.length > 3 || /\d/.test(word);
}

const NO_GRAMS: ReadonlySet<string> = new Set();

/** The distinct grams of a folded word; none of one that takes no part. */
export const spellingGrams: (word: string) => ReadonlySet<string> = memoizeWords((word) =>
  hasSpelling(word) ? new Set(skeletonGrams(word)) : NO_GRAMS,
);
