import { quantizeQuery } from './quantize.ts';
import type { Runs } from './runs.ts';
import { BLOCK_ROWS, MAX_STRIDE, scratchOf } from './scratch.ts';
import type { Segment } from './segment.ts';
import type { TopRows } from './top-rows.ts';

/** A question's vector, ready to be scanned with. Lives as long as one search. */
export class VectorQuery {
  readonly vector: Float32Array;
  /** ‖q − q̂‖ */
  readonly error: number;
  readonly #scale: number;
  readonly #quantized = new Uint8Array(MAX_STRIDE);
  readonly #slot: { readonly query: number; readonly out: number };

  /** @param searcher number of the thread: its own part of each segment's scratch space. */
  constructor(vector: Float32Array, searcher: number) {
    this.vector = vector;
    const { scale, error } = quantizeQuery(vector, this.#quantized);
    this.#scale = scale;
    this.error = error;
    this.#slot = scratchOf(searcher);
  }

  /**
   * Most by which an approximate cosine of this segment can be wrong (Cauchy–Schwarz over what rounding lost on both
   * sides, and a little for float32).
   */
  errorIn({ header }: Segment): number {
    return this.error * (1 + header.vectorError) + header.vectorError + 1e-6;
  }

  /** Offers the approximate cosine of every row of the runs. */
  scan(segment: Segment, segmentIndex: number, runs: Runs, top: TopRows): void {
    if (segment.scan === undefined) return;
    const out = this.#prepare(segment);
    for (let index = 0; index < runs.bounds.length; index += 2) {
      const end = runs.bounds[index + 1]!;
      for (let from = runs.bounds[index]!; from < end; from += BLOCK_ROWS) {
        const to = Math.min(from + BLOCK_ROWS, end);
        this.#score(segment, from, to);
        offerBlock(out, { rows: segment.rows, from, to, scale: this.#scale, segment: segmentIndex }, top);
      }
    }
  }

  /** The approximate cosine of one row, the same number that `scan` gives it. */
  scoreOf(segment: Segment, local: number): number {
    if (segment.scan === undefined) return 0;
    const out = this.#prepare(segment);
    this.#score(segment, local, local + 1);
    return out[0]! * this.#scale;
  }

  #prepare({ bytes, header }: Segment): Float32Array {
    const query = new Uint8Array(bytes.memory.buffer, this.#slot.query, header.stride);
    query.set(this.#quantized.subarray(0, header.stride));
    return new Float32Array(bytes.memory.buffer, this.#slot.out, BLOCK_ROWS);
  }

  #score({ scan, bytes }: Segment, from: number, to: number): void {
    const { query, out } = this.#slot;
    scan?.(bytes.address('vectors'), bytes.address('scales'), bytes.address('sums'), query, out, from, to);
  }
}

function offerBlock(
  out: Float32Array,
  block: { rows: Float64Array; from: number; to: number; scale: number; segment: number },
  top: TopRows,
): void {
  const { rows, from, to, scale, segment } = block;
  for (let local = from; local < to; local++) {
    const score = out[local - from]! * scale;
    if (score >= top.floor) top.offer({ row: rows[local]!, score, segment, local });
  }
}

/** The exact cosine of the question and a row's float vector. */
export function exactCosine(query: Float32Array, { vectors }: Segment, local: number): number {
  if (vectors === undefined) return 0;
  const values = new Float32Array(query.length);
  vectors.read(local, values);
  let sum = 0;
  for (let index = 0; index < query.length; index++) sum += query[index]! * values[index]!;
  return sum;
}
