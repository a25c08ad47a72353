import type { Attributes, Hit, IndexedChunk, RetrievalQuery } from '#contracts/index.ts';

/** What the oracle takes: texts to terms, and weights. Structural, so that it shares no code with what it checks. */
export interface OracleAnalyzer {
  analyze(
    text: string,
    language: string,
    purpose: 'document' | 'query',
  ): {
    readonly stems: readonly string[];
    readonly folded: readonly string[];
    readonly grams: readonly string[];
  };
}
export interface OracleWeights {
  readonly stems: number;
  readonly folded: number;
  readonly sameLanguage: { readonly vector: number; readonly spelling: number };
  readonly otherLanguage: { readonly vector: number; readonly spelling: number };
}

const CANDIDATES = 100;

function isVisible(chunk: IndexedChunk, query: RetrievalQuery): boolean {
  const { access, validAtMs, recordedAtMs, attributes = [] } = query;
  const inTime =
    chunk.validFromMs <= validAtMs &&
    validAtMs < chunk.validToMs &&
    chunk.recordedFromMs <= recordedAtMs &&
    recordedAtMs < chunk.recordedToMs;
  const inScope =
    access.aclSets.has(chunk.aclSet) &&
    (access.collections === undefined || access.collections.has(chunk.collectionId));
  return inTime && inScope && attributes.every((condition) => meets(chunk.attributes ?? {}, condition));
}

function meets(
  attributes: Attributes,
  condition: NonNullable<RetrievalQuery['attributes']>[number],
): boolean {
  const own = attributes[condition.name];
  if (own === undefined) return false;
  for (const value of [own].flat()) {
    if (condition.type === 'one-of') {
      if (condition.values.some((wanted) => wanted === value)) return true;
      continue;
    }
    const bounds = [condition.atLeast, condition.atMost].filter((bound) => bound !== undefined);
    const isSameType = bounds.every((bound) => typeof bound === typeof value);
    const isLow = condition.atLeast !== undefined && value < condition.atLeast;
    const isHigh = condition.atMost !== undefined && value > condition.atMost;
    if (isSameType && !isLow && !isHigh) return true;
  }
  return false;
}

interface Counted {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

function count(analyzer: OracleAnalyzer, chunk: IndexedChunk, field: 'stems' | 'folded' | 'grams'): Counted {
  const counts = new Map<string, number>();
  let length = 0;
  const parts = [
    [chunk.text, 1],
    [[...new Set([chunk.title, ...chunk.headingPath])].join('\n'), 2],
  ] as const;
  for (const [text, weight] of parts) {
    for (const term of analyzer.analyze(text, chunk.language, 'document')[field]) {
      counts.set(term, (counts.get(term) ?? 0) + weight);
      length += weight;
    }
  }
  return { counts, length };
}

function addBm25(
  scores: Float64Array,
  documents: readonly Counted[],
  terms: readonly string[],
  weight: number,
): void {
  const average = documents.reduce((sum, { length }) => sum + length, 0) / documents.length;
  const weighed = [...new Set(terms)].map((term) => {
    const frequency = documents.filter(({ counts }) => counts.has(term)).length;
    const odds = (documents.length - frequency + 0.5) / (frequency + 0.5);
    const idf = Math.max(1e-6, Math.log(odds + 1 / (1 + (documents.length / 50) ** 2)));
    return { term, value: terms.filter((other) => other === term).length * idf };
  });
  const total = weighed.reduce((sum, { value }) => sum + value, 0);
  for (const { term, value } of weighed) {
    const coefficient = (weight * value) / total;
    for (const [index, { counts, length }] of documents.entries()) {
      const tf = counts.get(term);
      if (tf === undefined) continue;
      scores[index]! += (coefficient * tf) / (tf + 1.2 * (1 - 0.75) + ((1.2 * 0.75) / average) * length);
    }
  }
}

function spelling(documents: readonly Counted[], grams: ReadonlySet<string>): Float64Array {
  const squares = new Map<string, number>();
  for (const gram of grams) {
    const frequency = documents.filter(({ counts }) => counts.has(gram)).length;
    squares.set(gram, Math.log((documents.length + 1) / (frequency + 0.5)) ** 2);
  }
  let sum = 0;
  for (const square of squares.values()) sum += square;
  const norm = Math.sqrt(sum) * 0.6 * Math.log(documents.length + 1);
  return Float64Array.from(documents, ({ counts }) => {
    let own = 0;
    for (const [gram, square] of squares) if (counts.has(gram)) own += square / norm;
    return own === 0 ? 0 : Math.min(1, own / Math.sqrt(counts.size));
  });
}

/** The cosine as int8 and a seven-bit question give it: what chooses candidates. */
function roundedCosine(query: Float32Array, vector: Float32Array | undefined): number {
  if (vector === undefined) return 0;
  const round = (values: Float32Array, most: number): { scale: number; values: number[] } => {
    const scale = Math.fround(Math.max(...values.map(Math.abs)) / most);
    return { scale, values: Array.from(values, (value) => (scale === 0 ? 0 : Math.round(value / scale))) };
  };
  const [a, b] = [round(query, 63), round(vector, 127)];
  const dot = a.values.reduce((sum, value, index) => sum + value * b.values[index]!, 0);
  return Math.fround(dot * b.scale) * a.scale;
}

const cosine = (a: Float32Array, b: Float32Array | undefined): number =>
  b === undefined ? 0 : a.reduce((sum, value, index) => sum + value * b[index]!, 0);

/** Indexes of the best, above `floor`: by score, then by row. */
function best(scores: Float64Array, rows: readonly number[], floor: number): number[] {
  return [...scores.keys()]
    .filter((index) => scores[index]! > floor)
    .toSorted((a, b) => scores[b]! - scores[a]! || rows[a]! - rows[b]!)
    .slice(0, CANDIDATES);
}

/**
 * Search by the definition, with no index: everything is counted anew over the visible chunks. Slow, short, and
 * sharing nothing with the product, so that both can only agree by being right.
 */
export function searchByDefinition(
  chunks: readonly IndexedChunk[],
  query: RetrievalQuery,
  { analyzer, weights }: { readonly analyzer: OracleAnalyzer; readonly weights: OracleWeights },
): Hit[] {
  const visible = chunks.filter((chunk) => isVisible(chunk, query)).toSorted((a, b) => a.row - b.row);
  if (visible.length === 0) return [];
  const rows = visible.map(({ row }) => row);
  const asked = analyzer.analyze(query.text, query.language ?? 'und', 'query');
  const counted = (field: 'stems' | 'folded' | 'grams'): Counted[] =>
    visible.map((chunk) => count(analyzer, chunk, field));
  const lexical = new Float64Array(visible.length);
  addBm25(lexical, counted('stems'), asked.stems, weights.stems);
  addBm25(lexical, counted('folded'), asked.folded, weights.folded);
  const spelt = spelling(counted('grams'), new Set(asked.grams));
  const vector = query.vector?.some((value) => value !== 0) === true ? query.vector : undefined;
  const rounded = Float64Array.from(visible, (chunk) => (vector ? roundedCosine(vector, chunk.vector) : 0));
  const candidates = new Set([
    ...best(lexical, rows, 0),
    ...best(spelt, rows, 0),
    ...(vector ? best(rounded, rows, -Infinity) : []),
  ]);
  const hits = [...candidates].map((index) => {
    const chunk = visible[index]!;
    const isSame = query.language === undefined || query.language === chunk.language;
    const weight = isSame ? weights.sameLanguage : weights.otherLanguage;
    const exact = vector ? cosine(vector, chunk.vector) : 0;
    const ageMs = Math.max(0, query.validAtMs - chunk.validFromMs);
    const recency = query.halfLifeMs === undefined ? 1 : 0.5 + 0.5 * 2 ** (-ageMs / query.halfLifeMs);
    const score = recency * (lexical[index]! + weight.vector * exact + weight.spelling * spelt[index]!);
    return {
      row: chunk.row,
      score,
      signals: { lexical: lexical[index]!, vector: exact, spelling: spelt[index]! },
    };
  });
  return hits.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, query.limit);
}
