import { GRAM_MARK, textFeatures } from '../../src/rag/embedding/text-features.ts';
import type { VectorTable } from '../../src/rag/embedding/table-format.ts';
import type { TextPair } from './text-pairs.ts';
import { truncatedSvd, type SparseMatrix } from './truncated-svd.ts';

/** How the table is made; the defaults are those measured in the quality proof. */
export interface TableSettings {
  readonly dimensions: number;
  /** Weight of a gram of spelling beside a stem. */
  readonly gramWeight: number;
  /** Features in fewer pairs than this are left out. */
  readonly minStemPairs: number;
  readonly minGramPairs: number;
}

export const TABLE_SETTINGS: TableSettings = {
  dimensions: 256,
  gramWeight: 0.3,
  minStemPairs: 2,
  minGramPairs: 6,
};
const SINGULAR_EXPONENT = 0.25;
const INT8_MAX = 127;

type Counts = ReadonlyMap<string, number>;

function countFeatures(text: string, language: string): Counts {
  const counts = new Map<string, number>();
  for (const feature of textFeatures(text, language)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return counts;
}

/**
 * Latent semantic indexing across languages: each pair is one row, its two sides at length 1 and added, so that words
 * which translate each other have like rows in the right singular vectors.
 * @see Dumais, Landauer, Littman: Automatic Cross-Linguistic Information Retrieval Using Latent Semantic Indexing, 1996.
 */
export function buildTable(
  pairs: readonly TextPair[],
  settings: TableSettings = TABLE_SETTINGS,
): VectorTable {
  const counted = pairs.map(
    ([czech, english]) => [countFeatures(czech, 'cs'), countFeatures(english, 'en')] as const,
  );
  const frequency = new Map<string, number>();
  for (const [czech, english] of counted) {
    for (const feature of new Set([...czech.keys(), ...english.keys()])) {
      frequency.set(feature, (frequency.get(feature) ?? 0) + 1);
    }
  }
  const isKept = (feature: string, pairsWithIt: number): boolean =>
    pairsWithIt >= (feature.startsWith(GRAM_MARK) ? settings.minGramPairs : settings.minStemPairs);
  const features = [...frequency]
    .filter(([feature, count]) => isKept(feature, count))
    .map(([feature]) => feature);
  const weights = Float64Array.from(features, (feature) => {
    const idf = Math.log(pairs.length / frequency.get(feature)!);
    return idf * (feature.startsWith(GRAM_MARK) ? settings.gramWeight : 1);
  });
  const columnOf = new Map(features.map((feature, column) => [feature, column]));
  const matrix = toMatrix(counted, columnOf, weights);
  const { singular, right } = truncatedSvd(matrix, settings.dimensions);
  return quantize(features, settings.dimensions, scaleRows(right, singular, weights));
}

function toMatrix(
  counted: readonly (readonly [Counts, Counts])[],
  columnOf: ReadonlyMap<string, number>,
  weights: Float64Array,
): SparseMatrix {
  const starts = [0];
  const indexes: number[] = [];
  const values: number[] = [];
  for (const sides of counted) {
    const row = new Map<number, number>();
    for (const side of sides) {
      const weighted = [...side].flatMap(([feature, count]): [number, number][] => {
        const column = columnOf.get(feature);
        return column === undefined ? [] : [[column, (1 + Math.log(count)) * weights[column]!]];
      });
      const length = Math.hypot(...weighted.map(([, value]) => value)) || 1;
      for (const [column, value] of weighted) row.set(column, (row.get(column) ?? 0) + value / length);
    }
    for (const [column, value] of row) {
      indexes.push(column);
      values.push(value);
    }
    starts.push(indexes.length);
  }
  return {
    rows: counted.length,
    columns: columnOf.size,
    starts: Uint32Array.from(starts),
    indexes: Uint32Array.from(indexes),
    values: Float64Array.from(values),
  };
}

/** Each feature's row: singular vectors times s^¼, at length 1, times the feature's weight. */
function scaleRows(right: Float64Array, singular: Float64Array, weights: Float64Array): Float64Array {
  const dimensions = singular.length;
  const rows = new Float64Array(right.length);
  for (const [row, weight] of weights.entries()) {
    const offset = row * dimensions;
    let squares = 0;
    for (let index = 0; index < dimensions; index++) {
      const value = right[offset + index]! * singular[index]! ** SINGULAR_EXPONENT;
      rows[offset + index] = value;
      squares += value * value;
    }
    const factor = squares === 0 ? 0 : weight / Math.sqrt(squares);
    for (let index = 0; index < dimensions; index++) rows[offset + index]! *= factor;
  }
  return rows;
}

function quantize(features: readonly string[], dimensions: number, rows: Float64Array): VectorTable {
  const scales = new Float32Array(features.length);
  const values = new Int8Array(rows.length);
  for (let row = 0; row < features.length; row++) {
    let most = 0;
    for (let index = 0; index < dimensions; index++)
      most = Math.max(most, Math.abs(rows[row * dimensions + index]!));
    const scale = Math.fround(most / INT8_MAX) || 1;
    scales[row] = scale;
    for (let index = 0; index < dimensions; index++) {
      values[row * dimensions + index] = Math.round(rows[row * dimensions + index]! / scale);
    }
  }
  return { features, dimensions, scales, values };
}
