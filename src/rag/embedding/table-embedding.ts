import type { EmbeddingModel } from '#contracts/index.ts';
import { WordTable, type Digest } from '#core/index.ts';
import { detectLanguage } from '../analysis/language.ts';
import { decodeTable, type VectorTable } from './table-format.ts';
import { spellingFeatures, stemFeatures } from './text-features.ts';

const NAME = 'hradlo-bilingual';
/** No limit of its own: a text of any length is one sum. */
const MAX_INPUT_TOKENS = 100_000;

/** The vector of some rows: their sum, at length 1. All zeros when there are none. */
function sumRows({ dimensions, scales, values }: VectorTable, rows: readonly number[]): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const row of rows) {
    const scale = scales[row]!;
    const offset = row * dimensions;
    for (let index = 0; index < dimensions; index++) vector[index]! += values[offset + index]! * scale;
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (let index = 0; index < dimensions; index++) vector[index]! /= length;
  return vector;
}

/** The rows of a text's features that the table knows, in their order. */
function rowsFinder({ features }: VectorTable): (text: string, language: string) => readonly number[] {
  const rowOf = new Map(features.map((feature, row) => [feature, row]));
  const known = (feature: string): readonly number[] => {
    const row = rowOf.get(feature);
    return row === undefined ? [] : [row];
  };
  // Words come again and again, each with the same grams.
  const spellingRows = new WordTable((word) => spellingFeatures(word).flatMap(known));
  return (text, language) => {
    const rows = stemFeatures(text, language).flatMap(known);
    spellingRows.scan(text, (own) => {
      for (const row of own) rows.push(row);
    });
    return rows;
  };
}

/** The embedding model that is always there: a static table of Czech and English stems and spellings. */
export interface TableEmbedding extends EmbeddingModel {
  /** The vector of one text, at once: a sum of rows. */
  embedText(text: string, language: string | undefined): Float32Array;
}

/**
 * Makes an embedding model of a table. Microseconds a text, no engine. A floor, not a match for an encoder: outside
 * the words it was made of only spelling carries.
 * @throws {TypeError} when the bytes are not a table for this analyser.
 */
export function createTableEmbedding(bytes: Uint8Array, digest: Digest): TableEmbedding {
  const table = decodeTable(bytes);
  const rowsOf = rowsFinder(table);
  const embed = (text: string, language: string | undefined): Float32Array =>
    sumRows(table, rowsOf(text, language ?? detectLanguage(text, 'cs')));
  return {
    name: NAME,
    digest,
    dimensions: table.dimensions,
    maxInputTokens: MAX_INPUT_TOKENS,
    embedText: embed,
    embed(texts, options) {
      options.signal?.throwIfAborted();
      return Promise.resolve(texts.map((text) => embed(text, options.language)));
    },
  };
}
