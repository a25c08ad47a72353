import { mergeSteps, type MergeTarget } from './merge-segments.ts';
import { countLive } from './merge-plan.ts';
import type { Segment } from './segment.ts';
import type { GroupValue } from './segment-shape.ts';
import type { IndexView } from './view.ts';

/** A segment that a merge made, and whether it is all history. */
export interface MergedPart {
  readonly segment: Segment;
  readonly isHistory: boolean;
}

/** How a merge tells what questions of today see from what only questions about another time do. */
export interface MergeParts {
  readonly nowMs: number;
  /** Less history than this stays with the rest. */
  readonly leastHistoryRows: number;
  /** A new segment's name and place, for so many rows. */
  target(rows: number): MergeTarget;
}

/** Whether rows hold no more: a newer version took their place, or their time is over. */
export function isHistory({ times }: Pick<GroupValue, 'times'>, nowMs: number): boolean {
  const [, validToMs, , recordedToMs] = times;
  return validToMs <= nowMs || recordedToMs <= nowMs;
}

/** Merges segments in steps, into one for what holds now and one for what does not, where that is enough for one. */
export function* mergeInParts(
  view: IndexView,
  { nowMs, leastHistoryRows, target }: MergeParts,
): Generator<void, readonly MergedPart[]> {
  const isPast = (group: GroupValue): boolean => isHistory(group, nowMs);
  const rows = countLive(view, () => true);
  const past = countLive(view, isPast);
  if (past < leastHistoryRows) {
    return [{ segment: yield* mergeSteps(view, target(rows)), isHistory: false }];
  }
  const history = yield* mergeSteps(view, { ...target(past), isWanted: isPast });
  const isPresent = (group: GroupValue): boolean => !isPast(group);
  const present = yield* mergeSteps(view, { ...target(rows - past), isWanted: isPresent });
  return [
    { segment: present, isHistory: false },
    { segment: history, isHistory: true },
  ];
}
