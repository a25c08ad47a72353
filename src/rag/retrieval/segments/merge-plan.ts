import { RunList, subtract } from './runs.ts';
import type { Segment } from './segment.ts';
import { compareGroups, type GroupValue } from './segment-shape.ts';
import type { IndexView, SegmentState } from './view.ts';

/** Where a row that did not survive goes. */
export const DROPPED = 0xffff_ffff;

/** Which rows a merged segment holds, in which order, and where they come from. */
export interface MergePlan {
  readonly groups: readonly GroupValue[];
  /** Rows per group. */
  readonly counts: readonly number[];
  readonly rows: Float64Array;
  /** Per new row: its segment in the view, and its local row there. */
  readonly sources: { readonly segment: Uint16Array; readonly local: Uint32Array };
  /** Per segment and old local row: the new local row, or `DROPPED`. */
  readonly targets: readonly Uint32Array[];
}

/** Rows of one segment with one set of values. */
interface Piece {
  readonly segment: number;
  readonly start: number;
  readonly end: number;
  readonly group: GroupValue;
}

/** Plans the merge of segments: live rows that `isWanted` lets through, with the values that they hold now. */
export function planMerge(view: IndexView, isWanted: (group: GroupValue) => boolean): MergePlan {
  const pieces = view
    .flatMap((state, segment) => livePieces(state, segment))
    .filter(({ group }) => isWanted(group))
    .toSorted((a, b) => compareGroups(a.group, b.group));
  const rowCount = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  const plan = {
    groups: new Array<GroupValue>(),
    counts: new Array<number>(),
    rows: new Float64Array(rowCount),
    sources: { segment: new Uint16Array(rowCount), local: new Uint32Array(rowCount) },
    targets: view.map(({ segment }) => new Uint32Array(segment.rowCount).fill(DROPPED)),
  };
  let next = 0;
  for (let first = 0; first < pieces.length;) {
    let last = first + 1;
    while (last < pieces.length && compareGroups(pieces[first]!.group, pieces[last]!.group) === 0) last += 1;
    const count = placeGroup(plan, next, pieces.slice(first, last), view);
    plan.groups.push(pieces[first]!.group);
    plan.counts.push(count);
    next += count;
    first = last;
  }
  return plan;
}

/** How many live rows `isWanted` lets through. */
export function countLive(view: IndexView, isWanted: (group: GroupValue) => boolean): number {
  return view
    .flatMap((state, segment) => livePieces(state, segment))
    .reduce((sum, { start, end, group }) => (isWanted(group) ? sum + end - start : sum), 0);
}

/** Puts the rows of pieces with equal values into the order of their chunk rows. */
function placeGroup(plan: MergePlan, at: number, pieces: readonly Piece[], view: IndexView): number {
  const members: { row: number; segment: number; local: number }[] = [];
  for (const { segment, start, end } of pieces) {
    const { rows } = view[segment]!.segment;
    for (let local = start; local < end; local++) members.push({ row: rows[local]!, segment, local });
  }
  if (pieces.length > 1) members.sort((a, b) => a.row - b.row);
  for (const [index, { row, segment, local }] of members.entries()) {
    plan.rows[at + index] = row;
    plan.sources.segment[at + index] = segment;
    plan.sources.local[at + index] = local;
    plan.targets[segment]![local] = at + index;
  }
  return members.length;
}

function livePieces({ segment, overlay }: SegmentState, index: number): Piece[] {
  const pieces: Piece[] = [];
  for (let group = 0; group < segment.header.groupCount; group++) {
    const value = groupValue(segment, group);
    const whole = new RunList();
    whole.add(segment.groups.starts[group]!, segment.groups.starts[group + 1]!);
    const { bounds } = subtract(whole.toRuns(), overlay.hidden);
    for (let at = 0; at < bounds.length; at += 2) {
      pieces.push({ segment: index, start: bounds[at]!, end: bounds[at + 1]!, group: value });
    }
  }
  for (const { start, end, aclSet, validToMs, recordedToMs } of overlay.moved) {
    const base = groupValue(segment, segment.groupOf(start));
    const times = [base.times[0], validToMs, base.times[2], recordedToMs] as const;
    pieces.push({ segment: index, start, end, group: { ...base, aclSet, times } });
  }
  return pieces;
}

/** The values of a group as they were when the segment was made. */
function groupValue({ groups, header }: Segment, group: number): GroupValue {
  const [validFrom = 0, validTo = 0, recordedFrom = 0, recordedTo = 0] = groups.times.subarray(
    group * 4,
    group * 4 + 4,
  );
  return {
    aclSet: groups.aclSets[group]!,
    collection: header.collections[groups.collections[group]!]!,
    language: header.languages[groups.languages[group]!]!,
    attributes: header.attributes[groups.attributes[group]!]!,
    times: [validFrom, validTo, recordedFrom, recordedTo],
  };
}
