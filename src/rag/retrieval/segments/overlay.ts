import { runsOf, subtract, unite } from './runs.ts';
import type { Segment } from './segment.ts';

/** Rows of one group whose access set or end changed after the segment was made. */
export interface MovedRun {
  readonly start: number;
  readonly end: number;
  readonly aclSet: number;
  readonly validToMs: number;
  readonly recordedToMs: number;
}

/**
 * What changed since an immutable segment was made: rows that are gone, and rows that hold other values now. A value
 * itself: a change makes a new one, so that a snapshot keeps the one it has.
 */
export interface Overlay {
  /** Runs of rows whose columns no longer count: removed or moved. */
  readonly hidden: Uint32Array;
  readonly moved: readonly MovedRun[];
}

export const NO_CHANGES: Overlay = { hidden: new Uint32Array(), moved: [] };

/** What a change sets; what it leaves out stays. */
export interface Move {
  readonly aclSet?: number;
  readonly validToMs?: number;
  readonly recordedToMs?: number;
}

/** Rows of the segment that are as they were made: neither removed nor moved. */
export function settledCount(segment: Segment, { hidden }: Overlay): number {
  let count = segment.rowCount;
  for (let index = 0; index < hidden.length; index += 2) count -= hidden[index + 1]! - hidden[index]!;
  return count;
}

/** Rows of the segment that are in the index, moved ones included. */
export function liveCount(segment: Segment, overlay: Overlay): number {
  return overlay.moved.reduce((sum, { start, end }) => sum + end - start, settledCount(segment, overlay));
}

/** Whether a local row is still in the index. */
export function isAlive(overlay: Overlay, local: number): boolean {
  return !isHidden(overlay.hidden, local) || movedAt(overlay, local) !== undefined;
}

/** The values that a local row was given after the segment was made, if it was. */
export function movedAt({ moved }: Overlay, local: number): MovedRun | undefined {
  let low = 0;
  let high = moved.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moved[middle]!.end <= local) low = middle + 1;
    else high = middle;
  }
  const run = moved[low];
  return run !== undefined && run.start <= local ? run : undefined;
}

function isHidden(hidden: Uint32Array, local: number): boolean {
  let low = 0;
  let high = hidden.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hidden[middle * 2 + 1]! <= local) low = middle + 1;
    else high = middle;
  }
  return low * 2 < hidden.length && hidden[low * 2]! <= local;
}

/** Takes local rows out for good. */
export function removeRows(overlay: Overlay, locals: readonly number[]): Overlay {
  const gone = runsOf(locals);
  return {
    hidden: unite(subtract(gone, overlay.hidden), asRuns(overlay.hidden)).bounds,
    moved: overlay.moved.flatMap((run) => pieces(run, gone.bounds)),
  };
}

/** Gives local rows other values. Rows that were removed stay removed. */
export function moveRows(segment: Segment, overlay: Overlay, locals: readonly number[], move: Move): Overlay {
  const alive = locals.filter((local) => isAlive(overlay, local));
  const target = runsOf(alive);
  const changed: MovedRun[] = [];
  for (let index = 0; index < target.bounds.length; index += 2) {
    for (let start = target.bounds[index]!; start < target.bounds[index + 1]!;) {
      const run = currentRun(segment, overlay, start, target.bounds[index + 1]!);
      changed.push({ ...run, ...move });
      start = run.end;
    }
  }
  const kept = overlay.moved.flatMap((run) => pieces(run, target.bounds));
  return {
    hidden: unite(subtract(target, overlay.hidden), asRuns(overlay.hidden)).bounds,
    moved: [...kept, ...changed].toSorted((a, b) => a.start - b.start),
  };
}

/** The longest run from `start` on, up to `limit`, that holds one set of values now. */
function currentRun(segment: Segment, overlay: Overlay, start: number, limit: number): MovedRun {
  const inside = movedAt(overlay, start);
  if (inside !== undefined) return { ...inside, start, end: Math.min(inside.end, limit) };
  const group = segment.groupOf(start);
  const { starts, aclSets, times } = segment.groups;
  const next = overlay.moved.find((run) => run.start > start)?.start ?? Infinity;
  return {
    start,
    end: Math.min(starts[group + 1]!, limit, next),
    aclSet: aclSets[group]!,
    validToMs: times[group * 4 + 1]!,
    recordedToMs: times[group * 4 + 3]!,
  };
}

const asRuns = (bounds: Uint32Array): { bounds: Uint32Array; rowCount: number } => ({ bounds, rowCount: 0 });

/** What is left of a moved run without the rows of `holes`. */
function pieces(run: MovedRun, holes: Uint32Array): MovedRun[] {
  const whole = { bounds: Uint32Array.of(run.start, run.end), rowCount: run.end - run.start };
  const { bounds } = subtract(whole, holes);
  const left: MovedRun[] = [];
  for (let index = 0; index < bounds.length; index += 2) {
    left.push({ ...run, start: bounds[index]!, end: bounds[index + 1]! });
  }
  return left;
}
