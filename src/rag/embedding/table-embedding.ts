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
  const length = Math.hypot(...vector);
  if (length > 0) for (let index = 0; index < dimensions; index++) vector[index]! /= length;
  return vector;
}

/**
 * The embedding model that is always there: a static table of Czech and English stems and spellings. Microseconds a
 * text, no engine. A floor, not a match for an encoder: outside the words it was made of only spelling carries.
 * @throws {TypeError} when the bytes are not a table for this analyser.
 */
export function createTableEmbedding(bytes: Uint8Array, digest: Digest): EmbeddingModel {
  const table = decodeTable(bytes);
  const rowOf = new Map(table.features.map((feature, row) => [feature, row]));
  return {
    name: NAME,
    digest,
    dimensions: table.dimensions,
    maxInputTokens: MAX_INPUT_TOKENS,
    embed(texts, options) {
      const vectors = texts.map((text) => {
        options.signal?.throwIfAborted();
        const language = options.language ?? detectLanguage(text, 'cs');
        return embedText(table, rowOf, textFeatures(text, language));
      });
      return Promise.resolve(vectors);
    },
  };
}
