import type { FieldMatches } from './matches.ts';
import type { ScoreWeights } from './score-weights.ts';
import type { Postings, Segment } from './segment.ts';

/** Term frequency saturation and length normalisation of BM25. */
const K1 = 1.2;
const B = 0.75;
/** Root mean square weight of a document's grams, as a share of ln(N + 1); see `spellingPlan`. */
const GRAM_NORM = 0.6;

/** What each visible posting of a term adds to its row. */
interface TermPlan {
  readonly coefficient: number;
  readonly ranges: readonly (Uint32Array | undefined)[];
}

/** How the postings of one field turn into scores. */
export interface FieldPlan {
  readonly field: FieldMatches['field'];
  readonly averageLength: number;
  readonly terms: readonly TermPlan[];
}

/**
 * BM25 as the share of the most that it could give, times `weight`: Σ idf · tf / (tf + k1 (1 − b + b·len/avg)) / Σ idf.
 * A term that no visible row has counts in the divisor, so that a question half of whose words are unknown scores low.
 * @see Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
 */
export function bm25Plan(
  matches: FieldMatches,
  weight: number,
  inverseFrequency: ScoreWeights['inverseFrequency'],
): FieldPlan {
  const weighed = matches.terms.map(({ queryCount, documentFrequency, ranges }) => ({
    coefficient: queryCount * inverseFrequency(matches.rowCount, documentFrequency),
    ranges,
  }));
  const total = weighed.reduce((sum, { coefficient }) => sum + coefficient, 0);
  return {
    field: matches.field,
    averageLength: matches.averageLength,
    terms: weighed.map(({ coefficient, ranges }) => ({
      coefficient: (weight * coefficient) / total,
      ranges,
    })),
  };
}

/**
 * Cosine of the weighted sets of grams of question and chunk, gram weight ln((N + 1) / (n + ½)). The length of the
 * chunk's side is taken as √grams × 0.6 ln(N + 1), not as the sum over its own grams: their frequencies depend on who
 * asks. Measured against the exact cosine on ten sets: within ± 0.033 nDCG where spelling alone ranks, within ± 0.01 in
 * the fusion.
 */
export function spellingPlan(matches: FieldMatches): FieldPlan {
  const weighed = matches.terms.map(({ documentFrequency, ranges }) => ({
    coefficient: Math.log((matches.rowCount + 1) / (documentFrequency + 0.5)) ** 2,
    ranges,
  }));
  const length = Math.sqrt(weighed.reduce((sum, { coefficient }) => sum + coefficient, 0));
  const norm = length * GRAM_NORM * Math.log(matches.rowCount + 1);
  return {
    field: matches.field,
    averageLength: matches.averageLength,
    terms: weighed.map(({ coefficient, ranges }) => ({ coefficient: coefficient / norm, ranges })),
  };
}

/** Scores by local row, zero where nothing matched, and the rows that are not zero. Used again for each segment. */
export class Accumulator {
  #scores = new Float64Array();
  #touched = new Uint32Array();
  #count = 0;

  /** Makes room for a segment. */
  reserve(rowCount: number): void {
    if (rowCount <= this.#scores.length) return;
    this.#scores = new Float64Array(rowCount);
    this.#touched = new Uint32Array(rowCount);
  }

  at(local: number): number {
    return this.#scores[local] ?? 0;
  }

  touched(): Uint32Array {
    return this.#touched.subarray(0, this.#count);
  }

  /**
   * Adds a field's terms, one after the other in the order of the question: the sum of a row is then the same number
   * to the last bit, in whatever segments the rows lie.
   */
  add(plan: FieldPlan, segment: Segment, segmentIndex: number): void {
    const postings = segment.postings[plan.field];
    for (const { coefficient, ranges } of plan.terms) {
      const found = ranges[segmentIndex];
      if (found === undefined || coefficient === 0) continue;
      for (let index = 0; index < found.length; index += 2) {
        const range = [found[index]!, found[index + 1]!] as const;
        if (postings.counts === undefined) this.#addFlat(postings.rows, range, coefficient);
        else this.#addBm25(postings, postings.counts, range, [coefficient, plan.averageLength]);
      }
    }
  }

  /** Back to all zeros. */
  clear(): void {
    for (let index = 0; index < this.#count; index++) this.#scores[this.#touched[index]!] = 0;
    this.#count = 0;
  }

  #addBm25(
    { rows, lengths }: Postings,
    counts: Uint8Array,
    [from, to]: readonly [number, number],
    [coefficient, averageLength]: readonly [number, number],
  ): void {
    const scores = this.#scores;
    const base = K1 * (1 - B);
    const perTerm = (K1 * B) / averageLength;
    for (let position = from; position < to; position++) {
      const row = rows[position]!;
      const count = counts[position]!;
      const score = scores[row]!;
      if (score === 0) this.#touched[this.#count++] = row;
      scores[row] = score + (coefficient * count) / (count + base + perTerm * lengths[row]!);
    }
  }

  #addFlat(rows: Uint32Array, [from, to]: readonly [number, number], coefficient: number): void {
    const scores = this.#scores;
    for (let position = from; position < to; position++) {
      const row = rows[position]!;
      const score = scores[row]!;
      if (score === 0) this.#touched[this.#count++] = row;
      scores[row] = score + coefficient;
    }
  }
}
