import { findWords, foldDiacritics } from '#core/index.ts';
import { analyze, type Term } from './analyze.ts';
import { hasSpelling } from './skeleton.ts';
import { isStopWord } from './stop-words.ts';

/** How often each term stands in a chunk; words of the title and the headings count twice. */
export interface ChunkTerms {
  readonly stems: ReadonlyMap<string, number>;
  readonly folds: ReadonlyMap<string, number>;
  /** Sum of the frequencies; the same for stems and folds. */
  readonly length: number;
}

/** A term of a query. A chunk has it when it has the term or one of the alternatives. */
export interface QueryTerm {
  readonly term: string;
  readonly count: number;
  readonly alternatives: readonly string[];
}

/** A query as the index scores it. */
export interface AnalyzedQuery {
  readonly language: string;
  readonly stems: readonly QueryTerm[];
  readonly folds: readonly QueryTerm[];
  /** Folded words, each once, for the spelling signal. */
  readonly spellings: readonly string[];
}

/** Folded phrases of a tenant that mean the same, such as `hpp` and `hlavni pracovni pomer`. */
export type SynonymGroups = readonly (readonly string[])[];

const HEADING_WEIGHT = 2;

function count(terms: Map<string, number>, term: string, times: number): void {
  terms.set(term, (terms.get(term) ?? 0) + times);
}

/** The terms of a chunk as the index keeps them. */
export function analyzeChunk(chunk: {
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly text: string;
  readonly language: string;
}): ChunkTerms {
  const stems = new Map<string, number>();
  const folds = new Map<string, number>();
  let length = 0;
  const add = (text: string, weight: number): void => {
    for (const term of analyze(text, chunk.language)) {
      count(stems, term.stem, weight);
      count(folds, term.fold, weight);
      length += weight;
    }
  };
  const headings = [chunk.title, ...chunk.headingPath.filter((heading) => heading !== chunk.title)];
  add(headings.join('\n'), HEADING_WEIGHT);
  add(chunk.text, 1);
  return { stems, folds, length };
}

/** A query's terms in `language`, with the tenant's synonyms as alternatives. */
export function analyzeQuery(text: string, language: string, synonyms: SynonymGroups = []): AnalyzedQuery {
  const terms = analyze(text, language).filter((term) => !term.isPart);
  const spellings = new Set(
    findWords(text)
      .map((word) => foldDiacritics(word.text))
      .filter((word) => hasSpelling(word) && !isStopWord(word)),
  );
  return {
    language,
    stems: queryTerms(terms, 'stem', alternativesOf(terms, 'stem', language, synonyms)),
    folds: queryTerms(terms, 'fold', alternativesOf(terms, 'fold', language, synonyms)),
    spellings: [...spellings],
  };
}

function queryTerms(
  terms: readonly Term[],
  side: 'stem' | 'fold',
  alternatives: ReadonlyMap<string, ReadonlySet<string>>,
): QueryTerm[] {
  const counts = new Map<string, number>();
  for (const term of terms) count(counts, term[side], 1);
  return [...counts].map(([term, times]) => ({
    term,
    count: times,
    alternatives: [...(alternatives.get(term) ?? [])].filter((other) => other !== term),
  }));
}

/**
 * For each term of a phrase of the query, the terms of the other phrases in its group. Longer phrases are
 * matched as sets of terms: word order in Czech is free.
 */
function alternativesOf(
  terms: readonly Term[],
  side: 'stem' | 'fold',
  language: string,
  synonyms: SynonymGroups,
): Map<string, Set<string>> {
  const asked = new Set(terms.map((term) => term[side]));
  const alternatives = new Map<string, Set<string>>();
  for (const group of synonyms) {
    const phrases = group.map((phrase) => analyze(phrase, language).map((term) => term[side]));
    const present = phrases.filter((phrase) => phrase.length > 0 && phrase.every((term) => asked.has(term)));
    for (const term of present.flat()) {
      const others = alternatives.get(term) ?? new Set();
      alternatives.set(term, others);
      for (const other of phrases.flat()) others.add(other);
    }
  }
  return alternatives;
}
