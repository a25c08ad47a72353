import { FORMAT_VERSION, type IndexKind } from './build-segment.ts';
import { DROPPED, planMerge, type MergePlan } from './merge-plan.ts';
import { FIELDS, Segment, type Field, type Postings } from './segment.ts';
import type { SegmentMemory } from './segment-memory.ts';
import { allocate, fillGroups, fillRows, fillTerms, strideOf, type GroupValue } from './segment-shape.ts';
import { TermTableBuilder } from './term-table.ts';
import { VectorSink, type VectorTarget } from './vector-sink.ts';
import type { IndexView } from './view.ts';

/** A row and its count pack into 32 bits, for sorting. */
const MAX_ROWS = 1 << 24;
const TERMS_PER_STEP = 1024;
const ROWS_PER_STEP = 1024;

/** What a merge makes. */
export interface MergeTarget {
  readonly id: string;
  readonly kind: IndexKind;
  readonly vectors: VectorTarget;
  /** Rows whose values it refuses are left out; by default all live rows are kept. */
  readonly isWanted?: (group: GroupValue) => boolean;
}

/** Terms of the merged field, and each segment's terms in it. */
interface MergedTerms {
  readonly table: TermTableBuilder;
  readonly ids: readonly Uint32Array[];
  /** Surviving postings per merged term. */
  readonly counts: readonly number[];
  readonly total: number;
}

/** Makes one segment of several: removed rows gone, moved rows at their new place. Reads no text. */
export function mergeSegments(view: IndexView, target: MergeTarget): Segment {
  const steps = mergeSteps(view, target);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same in steps of some milliseconds, so that a thread can do other things between. */
export function* mergeSteps(view: IndexView, target: MergeTarget): Generator<void, Segment> {
  const plan = planMerge(view, target.isWanted ?? (() => true));
  if (plan.rows.length > MAX_ROWS) throw new RangeError(`a segment holds at most ${MAX_ROWS} rows`);
  const terms = {
    stems: yield* mergeTerms(view, plan, 'stems'),
    folded: yield* mergeTerms(view, plan, 'folded'),
    grams: yield* mergeTerms(view, plan, 'grams'),
  };
  const { dimensions } = target.kind;
  const bytes = allocate({
    rowCount: plan.rows.length,
    groupCount: plan.groups.length,
    dimensions,
    terms: { stems: terms.stems.table, folded: terms.folded.table, grams: terms.grams.table },
    postings: { stems: terms.stems.total, folded: terms.folded.total, grams: terms.grams.total },
  });
  const strings = fillGroups(bytes, plan.groups, plan.counts);
  fillRows(bytes, plan.rows);
  for (const field of FIELDS) {
    copyLengths(view, plan, bytes.u16(`${field}.lengths`), field);
    fillTerms(bytes, field, terms[field].table);
    yield* fillPostings(view, plan, { bytes, field, terms: terms[field] });
  }
  const vectors =
    dimensions === 0
      ? undefined
      : yield* copyVectors(view, plan, { bytes, dimensions, target: target.vectors });
  const header = {
    formatVersion: FORMAT_VERSION,
    ...target.kind,
    ...strings,
    rowCount: plan.rows.length,
    groupCount: plan.groups.length,
    stride: strideOf(dimensions),
    vectorError: Math.max(0, ...view.map(({ segment }) => segment.header.vectorError)),
    sections: bytes.sections,
  };
  return new Segment(target.id, header, bytes, { vectors });
}

function* mergeTerms(view: IndexView, plan: MergePlan, field: Field): Generator<void, MergedTerms> {
  const table = new TermTableBuilder();
  const counts: number[] = [];
  const ids: Uint32Array[] = [];
  let total = 0;
  for (const [index, { segment }] of view.entries()) {
    const { terms, starts, rows } = segment.postings[field];
    const own = new Uint32Array(starts.length - 1).fill(DROPPED);
    for (let term = 0; term < own.length; term++) {
      if (term % TERMS_PER_STEP === 0) yield;
      const kept = countKept(rows, [starts[term]!, starts[term + 1]!], plan.targets[index]!);
      if (kept === 0) continue;
      const id = table.internBytes(terms.bytes, terms.starts[term]!, terms.starts[term + 1]!);
      own[term] = id;
      counts[id] = (counts[id] ?? 0) + kept;
      total += kept;
    }
    ids.push(own);
  }
  return { table, ids, counts, total };
}

function countKept(rows: Uint32Array, [from, to]: readonly [number, number], targets: Uint32Array): number {
  let kept = 0;
  for (let at = from; at < to; at++) if (targets[rows[at]!] !== DROPPED) kept += 1;
  return kept;
}

function copyLengths(view: IndexView, plan: MergePlan, target: Uint16Array, field: Field): void {
  const lengths = view.map(({ segment }) => segment.postings[field].lengths);
  const { segment, local } = plan.sources;
  for (let row = 0; row < target.length; row++) target[row] = lengths[segment[row]!]![local[row]!]!;
}

function* fillPostings(
  view: IndexView,
  plan: MergePlan,
  { bytes, field, terms }: { bytes: SegmentMemory; field: Field; terms: MergedTerms },
): Generator<void, void> {
  const starts = bytes.u32(`${field}.starts`);
  for (const [term, count] of terms.counts.entries()) starts[term + 1] = starts[term]! + count;
  const next = starts.slice();
  const target = {
    rows: bytes.u32(`${field}.rows`),
    counts: bytes.has(`${field}.counts`) ? bytes.u8(`${field}.counts`) : undefined,
  };
  for (const [index, { segment }] of view.entries()) {
    yield* scatter(segment.postings[field], {
      ids: terms.ids[index]!,
      rows: plan.targets[index]!,
      next,
      target,
    });
  }
  for (let term = 0; term < terms.counts.length; term++) {
    if (term % TERMS_PER_STEP === 0) yield;
    sortTerm(target, starts[term]!, starts[term + 1]!);
  }
}

interface PostingColumns {
  readonly rows: Uint32Array;
  readonly counts: Uint8Array | undefined;
}

/** Writes one segment's postings to their places, in its own order. */
function* scatter(
  { starts, rows, counts }: Postings,
  to: { ids: Uint32Array; rows: Uint32Array; next: Uint32Array; target: PostingColumns },
): Generator<void, void> {
  for (let term = 0; term < to.ids.length; term++) {
    if (term % TERMS_PER_STEP === 0) yield;
    const id = to.ids[term]!;
    if (id === DROPPED) continue;
    let position = to.next[id]!;
    for (let at = starts[term]!; at < starts[term + 1]!; at++) {
      const row = to.rows[rows[at]!]!;
      if (row === DROPPED) continue;
      to.target.rows[position] = row;
      if (to.target.counts !== undefined) to.target.counts[position] = counts?.[at] ?? 0;
      position += 1;
    }
    to.next[id] = position;
  }
}

/** Puts a term's rows into ascending order, each with its count. */
function sortTerm({ rows, counts }: PostingColumns, from: number, to: number): void {
  let isSorted = true;
  for (let at = from + 1; at < to && isSorted; at++) isSorted = rows[at - 1]! < rows[at]!;
  if (isSorted) return;
  // Not in place: sorting a view over shared memory copies element by element.
  const packed = new Uint32Array(to - from);
  for (let at = from; at < to; at++) packed[at - from] = rows[at]! * 256 + (counts?.[at] ?? 0);
  packed.sort();
  for (let at = from; at < to; at++) {
    rows[at] = packed[at - from]! >>> 8;
    if (counts !== undefined) counts[at] = packed[at - from]! & 255;
  }
}

function* copyVectors(
  view: IndexView,
  plan: MergePlan,
  { bytes, dimensions, target }: { bytes: SegmentMemory; dimensions: number; target: VectorTarget },
): Generator<void, ReturnType<VectorSink['finish']>> {
  const stride = strideOf(dimensions);
  const sources = view.map(({ segment: { bytes: own } }) => ({
    vectors: own.i8('vectors'),
    scales: own.f32('scales'),
    sums: own.i32('sums'),
  }));
  const [vectors, scales, sums] = [bytes.i8('vectors'), bytes.f32('scales'), bytes.i32('sums')];
  const sink = new VectorSink(target, plan.rows.length, dimensions);
  const exact = new Float32Array(dimensions);
  for (let row = 0; row < plan.rows.length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const source = plan.sources.segment[row]!;
    const local = plan.sources.local[row]!;
    const own = sources[source]!;
    vectors.set(own.vectors.subarray(local * stride, (local + 1) * stride), row * stride);
    scales[row] = own.scales[local]!;
    sums[row] = own.sums[local]!;
    view[source]!.segment.vectors?.read(local, exact);
    sink.append(exact);
  }
  return sink.finish();
}
