import { gallop, type Runs } from './runs.ts';
import { LENGTH_BLOCK, type Field, type Postings } from './segment.ts';
import { findTerm } from './term-table.ts';
import type { VisibleSegment } from './view.ts';

/** A term of the question with its visible postings, segment by segment. */
export interface TermMatch {
  /** How often the question has it. */
  readonly queryCount: number;
  /** Visible rows that have it. */
  readonly documentFrequency: number;
  /** Per segment: ranges of positions in the postings, `[from, to, from, to, …]`; undefined when there are none. */
  readonly ranges: readonly (Uint32Array | undefined)[];
}

/** A field's statistics over the visible rows alone, and where the question's terms are. */
export interface FieldMatches {
  readonly field: Field;
  readonly rowCount: number;
  readonly averageLength: number;
  readonly terms: readonly TermMatch[];
}

const MAX_TERM_BYTES = 4096;
const encoder = new TextEncoder();

/** A term as the dictionaries hold it. */
function encodeTerm(term: string): Uint8Array {
  const key = new Uint8Array(MAX_TERM_BYTES);
  const { written } = encoder.encodeInto(term, key);
  return key.subarray(0, written);
}

/**
 * Finds the question's terms. Number of rows, average length and document frequencies are counted over the visible
 * rows: a chunk that the asker may not see has no influence on any score.
 */
export function matchField(
  field: Field,
  terms: readonly string[],
  segments: readonly VisibleSegment[],
): FieldMatches {
  const queryCounts = new Map<string, number>();
  for (const term of terms) queryCounts.set(term, (queryCounts.get(term) ?? 0) + 1);
  let rowCount = 0;
  let length = 0;
  for (const { segment, runs } of segments) {
    rowCount += runs.rowCount;
    length += visibleLength(segment.postings[field], runs);
  }
  return {
    field,
    rowCount,
    averageLength: rowCount === 0 ? 0 : length / rowCount,
    terms: [...queryCounts].map(([term, queryCount]) => matchTerm(field, term, queryCount, segments)),
  };
}

function matchTerm(
  field: Field,
  term: string,
  queryCount: number,
  segments: readonly VisibleSegment[],
): TermMatch {
  const key = encodeTerm(term);
  let documentFrequency = 0;
  const ranges = segments.map(({ segment, runs }) => {
    const postings = segment.postings[field];
    const id = runs.rowCount === 0 ? -1 : findTerm(postings.terms, key);
    if (id < 0) return undefined;
    const found = intersect(postings.rows, postings.starts[id]!, postings.starts[id + 1]!, runs.bounds);
    for (let index = 0; index < found.length; index += 2)
      documentFrequency += found[index + 1]! - found[index]!;
    return found.length === 0 ? undefined : found;
  });
  return { queryCount, documentFrequency, ranges };
}

/** Ranges of positions in `rows[from..to]` whose rows lie in one of the runs. Skips on whichever side is behind. */
export function intersect(rows: Uint32Array, from: number, to: number, bounds: Uint32Array): Uint32Array {
  const found: number[] = [];
  let position = from;
  let run = 0;
  while (position < to && run < bounds.length) {
    run = runAfter(bounds, run, rows[position]!);
    if (run >= bounds.length) break;
    position = gallop(rows, position, to, bounds[run]!);
    const end = gallop(rows, position, to, bounds[run + 1]!);
    if (end > position) {
      if (found.at(-1) === position) found[found.length - 1] = end;
      else found.push(position, end);
    }
    position = end;
    run += 2;
  }
  return Uint32Array.from(found);
}

/** The first run from `run` on that ends after `row`. */
function runAfter(bounds: Uint32Array, run: number, row: number): number {
  if (run >= bounds.length || bounds[run + 1]! > row) return run;
  let step = 2;
  let low = run;
  while (low + step < bounds.length && bounds[low + step + 1]! <= row) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, bounds.length);
  low += 2;
  while (low < high) {
    const middle = low + (((high - low) >>> 2) << 1);
    if (bounds[middle + 1]! <= row) low = middle + 2;
    else high = middle;
  }
  return low;
}

function visibleLength(postings: Postings, { bounds }: Runs): number {
  let sum = 0;
  for (let index = 0; index < bounds.length; index += 2) {
    sum += lengthBefore(postings, bounds[index + 1]!) - lengthBefore(postings, bounds[index]!);
  }
  return sum;
}

/** Sum of the lengths of all rows before `row`. */
function lengthBefore({ lengths, lengthSums }: Postings, row: number): number {
  const block = Math.floor(row / LENGTH_BLOCK);
  let sum = lengthSums[block]!;
  for (let index = block * LENGTH_BLOCK; index < row; index++) sum += lengths[index]!;
  return sum;
}
