import type { EmbeddingModel } from '#contracts/index.ts';
import type { Digest } from '#core/index.ts';
import { detectLanguage } from '../analysis/language.ts';
import { decodeTable, type VectorTable } from './table-format.ts';
import { textFeatures } from './text-features.ts';

const NAME = 'hradlo-bilingual';
/** No limit of its own: a text of any length is one sum. */
const MAX_INPUT_TOKENS = 100_000;

/**
 * The vector of a text: the sum of its features' rows, at length 1. All zeros when the table knows none of them.
 */
function embedText(
  table: VectorTable,
  rowOf: ReadonlyMap<string, number>,
  features: readonly string[],
): Float32Array {
  const { dimensions, scales, values } = table;
  const vector = new Float32Array(dimensions);
  for (const feature of features) {
    const row = rowOf.get(feature);
    if (row === undefined) continue;
    const scale = scales[row]!;
    const offset = row * dimensions;
    for (let index = 0; index < dimensions; index++) vector[index]! += values[offset + index]! * scale;
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (let index = 0; index < dimensions; index++) vector[index]! /= length;
  return vector;
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
  const rowOf = new Map(table.features.map((feature, row) => [feature, row]));
  const embed = (text: string, language: string | undefined): Float32Array =>
    embedText(table, rowOf, textFeatures(text, language ?? detectLanguage(text, 'cs')));
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
