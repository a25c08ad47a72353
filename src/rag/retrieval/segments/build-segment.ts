import type { Digest } from '#core/index.ts';
import type { AnalyzedChunk } from './analyzed-chunk.ts';
import { quantizeRow } from './quantize.ts';
import { FIELDS, Segment, type Field } from './segment.ts';
import type { SegmentMemory } from './segment-memory.ts';
import {
  allocate,
  compareGroups,
  fillGroups,
  fillRows,
  fillTerms,
  hasCounts,
  strideOf,
  type GroupValue,
} from './segment-shape.ts';
import { grown, TermTableBuilder } from './term-table.ts';
import { VectorSource } from './vector-source.ts';

export const FORMAT_VERSION = 1;

/** What all segments of an index have in common. */
export interface IndexKind {
  readonly analyzerVersion: string;
  readonly embeddingDigest: Digest | undefined;
  /** 0 when there is no embedding model. */
  readonly dimensions: number;
}

/** Whether what was made for one index can be read by another. */
export function isSameKind(a: IndexKind, b: IndexKind): boolean {
  return (
    a.analyzerVersion === b.analyzerVersion &&
    a.embeddingDigest === b.embeddingDigest &&
    a.dimensions === b.dimensions
  );
}

/** Terms of rows as they come, row by row; sorted by term when all are there. */
interface Draft {
  readonly table: TermTableBuilder;
  terms: Uint32Array;
  rows: Uint32Array;
  counts: Uint8Array;
  size: number;
}

/** Makes a segment out of chunks, in memory. The order of the chunks does not matter. */
export function buildSegment(id: string, kind: IndexKind, chunks: readonly AnalyzedChunk[]): Segment {
  const sorted = chunks.toSorted((a, b) => compareGroups(a.group, b.group) || a.chunk.row - b.chunk.row);
  const { groups, counts } = groupsOf(sorted);
  const drafts = {
    stems: draft(sorted, 'stems'),
    folded: draft(sorted, 'folded'),
    grams: draft(sorted, 'grams'),
  };
  const bytes = allocate({
    rowCount: sorted.length,
    groupCount: groups.length,
    dimensions: kind.dimensions,
    terms: { stems: drafts.stems.table, folded: drafts.folded.table, grams: drafts.grams.table },
    postings: { stems: drafts.stems.size, folded: drafts.folded.size, grams: drafts.grams.size },
  });
  const strings = fillGroups(bytes, groups, counts);
  fillRows(
    bytes,
    Float64Array.from(sorted, ({ chunk }) => chunk.row),
  );
  for (const field of FIELDS) {
    bytes.u16(`${field}.lengths`).set(sorted.map(({ terms }) => terms[field].length));
    fillTerms(bytes, field, drafts[field].table);
    fillPostings(bytes, field, drafts[field]);
  }
  const { vectors, vectorError } = fillVectors(bytes, kind.dimensions, sorted);
  const header = {
    formatVersion: FORMAT_VERSION,
    ...kind,
    ...strings,
    rowCount: sorted.length,
    groupCount: groups.length,
    stride: strideOf(kind.dimensions),
    vectorError,
    sections: bytes.sections,
  };
  return new Segment(id, header, bytes, { vectors });
}

function groupsOf(sorted: readonly AnalyzedChunk[]): { groups: GroupValue[]; counts: number[] } {
  const groups: GroupValue[] = [];
  const counts: number[] = [];
  for (const { group } of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && compareGroups(last, group) === 0) counts[counts.length - 1]! += 1;
    else {
      groups.push(group);
      counts.push(1);
    }
  }
  return { groups, counts };
}

function draft(sorted: readonly AnalyzedChunk[], field: Field): Draft {
  const made: Draft = {
    table: new TermTableBuilder(),
    terms: new Uint32Array(1 << 10),
    rows: new Uint32Array(1 << 10),
    counts: new Uint8Array(1 << 10),
    size: 0,
  };
  for (const [row, { terms }] of sorted.entries()) {
    for (const [term, count] of terms[field].counts) append(made, made.table.intern(term), row, count);
  }
  return made;
}

function append(made: Draft, term: number, row: number, count: number): void {
  if (made.size === made.terms.length) {
    made.terms = grown(made.terms, made.size + 1);
    made.rows = grown(made.rows, made.size + 1);
    made.counts = grown(made.counts, made.size + 1);
  }
  made.terms[made.size] = term;
  made.rows[made.size] = row;
  made.counts[made.size] = count;
  made.size += 1;
}

/** Counting sort by term: rows within a term stay in ascending order. */
function fillPostings(bytes: SegmentMemory, field: Field, { table, terms, rows, counts, size }: Draft): void {
  const starts = bytes.u32(`${field}.starts`);
  for (let index = 0; index < size; index++) starts[terms[index]! + 1]! += 1;
  for (let term = 0; term < table.count; term++) starts[term + 1]! += starts[term]!;
  const next = starts.slice();
  const targetRows = bytes.u32(`${field}.rows`);
  const targetCounts = hasCounts(field) ? bytes.u8(`${field}.counts`) : undefined;
  for (let index = 0; index < size; index++) {
    const at = next[terms[index]!]!++;
    targetRows[at] = rows[index]!;
    if (targetCounts !== undefined) targetCounts[at] = counts[index]!;
  }
}

function fillVectors(
  bytes: SegmentMemory,
  dimensions: number,
  sorted: readonly AnalyzedChunk[],
): { vectors: VectorSource | undefined; vectorError: number } {
  if (dimensions === 0) return { vectors: undefined, vectorError: 0 };
  const stride = strideOf(dimensions);
  const [target, scales, sums] = [bytes.i8('vectors'), bytes.f32('scales'), bytes.i32('sums')];
  const values = new Float32Array(new SharedArrayBuffer(sorted.length * dimensions * 4));
  let vectorError = 0;
  for (const [row, { chunk }] of sorted.entries()) {
    if (chunk.vector === undefined) continue;
    if (chunk.vector.length !== dimensions) {
      throw new RangeError(`a vector has ${chunk.vector.length} dimensions, the index ${dimensions}`);
    }
    const made = quantizeRow(chunk.vector, target.subarray(row * stride, (row + 1) * stride));
    scales[row] = made.scale;
    sums[row] = made.sum;
    vectorError = Math.max(vectorError, made.error);
    values.set(chunk.vector, row * dimensions);
  }
  return { vectors: new VectorSource({ type: 'memory', values }, dimensions), vectorError };
}
