import type { IndexedChunk } from '#contracts/index.ts';
import { canonicalJson } from '#core/index.ts';
import { FIELDS, MAX_COUNT, MAX_LENGTH, type Field } from './segment.ts';
import type { GroupValue } from './segment-shape.ts';

/** The terms of a text, kind by kind, in reading order and as often as they come. */
export type Terms = Readonly<Record<Field, readonly string[]>>;

/** Texts to terms: the same for chunks and questions. */
export interface Analyzer {
  /** Changes when any text would get other terms; an index made by another version is made anew. */
  readonly version: string;
  analyze(text: string, language: string, purpose: 'document' | 'query'): Terms;
}

/** How often each term counts, and how many terms there are in all. */
export interface FieldTerms {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/** A chunk with its terms. */
export interface AnalyzedChunk {
  readonly chunk: IndexedChunk;
  readonly group: GroupValue;
  readonly terms: Readonly<Record<Field, FieldTerms>>;
}

/** Title and headings say what a chunk is about: their terms count so many times. */
const HEADING_WEIGHT = 2;

/** The terms of a chunk: its text once, its title and headings twice. */
export function analyzeChunk(analyzer: Analyzer, chunk: IndexedChunk): AnalyzedChunk {
  const body = analyzer.analyze(chunk.text, chunk.language, 'document');
  // A title that is also the first heading counts once.
  const headings = [...new Set([chunk.title, ...chunk.headingPath])].join('\n');
  const heading = analyzer.analyze(headings, chunk.language, 'document');
  const [stems, folded, grams] = FIELDS.map((field) => countTerms(body[field], heading[field], field));
  return { chunk, group: groupOf(chunk), terms: { stems: stems!, folded: folded!, grams: grams! } };
}

function countTerms(body: readonly string[], heading: readonly string[], field: Field): FieldTerms {
  const counts = new Map<string, number>();
  const add = (terms: readonly string[], weight: number): void => {
    for (const term of terms) counts.set(term, Math.min(MAX_COUNT, (counts.get(term) ?? 0) + weight));
  };
  add(body, 1);
  add(heading, HEADING_WEIGHT);
  // Grams are a set: a spelling is there or not.
  const length = field === 'grams' ? counts.size : body.length + HEADING_WEIGHT * heading.length;
  return { counts, length: Math.min(MAX_LENGTH, length) };
}

function groupOf(chunk: IndexedChunk): GroupValue {
  return {
    aclSet: chunk.aclSet,
    collection: chunk.collectionId,
    language: chunk.language,
    attributes: canonicalJson({ ...chunk.attributes }),
    times: [chunk.validFromMs, chunk.validToMs, chunk.recordedFromMs, chunk.recordedToMs],
  };
}
