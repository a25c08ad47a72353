import { findWords, foldDiacritics } from '#core/index.ts';
import { analyze, ANALYZER_VERSION, isAsked } from './analyze.ts';
import { hasSpelling, skeletonGrams } from './skeleton.ts';

/** The terms of a text, kind by kind, in reading order and as often as they come. */
export interface AnalyzedTerms {
  readonly stems: readonly string[];
  readonly folded: readonly string[];
  /** Grams of the spelling skeleton of all words, stop words included. */
  readonly grams: readonly string[];
}

/**
 * The one analyser of index and query. `document` keeps the parts of dates beside the whole; `query` asks for the
 * whole, so that a date written in another way costs nothing.
 */
export const textAnalyzer = {
  version: ANALYZER_VERSION,
  analyze(text: string, language: string, purpose: 'document' | 'query'): AnalyzedTerms {
    const all = analyze(text, language);
    const isQuery = purpose === 'query';
    const terms = isQuery ? all.filter(isAsked) : all;
    const words = findWords(text).map((word) => foldDiacritics(word.text));
    return {
      stems: terms.filter((term) => !isQuery || !term.isCovered).map((term) => term.stem),
      folded: terms.filter((term) => term.kind !== 'concept').map((term) => term.fold),
      grams: words.filter(hasSpelling).flatMap(skeletonGrams),
    };
  },
};
