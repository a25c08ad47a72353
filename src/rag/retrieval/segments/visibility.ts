import type { RetrievalQuery } from '#contracts/index.ts';
import { meets } from './attributes.ts';
import { NO_CHANGES, type Overlay } from './overlay.ts';
import { RunList, subtract, unite, type Runs } from './runs.ts';
import type { AclSlice, Segment } from './segment.ts';

/** The part of a query that says which rows may be seen. */
export type RowFilter = Pick<RetrievalQuery, 'access' | 'validAtMs' | 'recordedAtMs' | 'attributes'>;

/** Which of a segment's numbered values a filter lets through; undefined when all pass. */
interface Masks {
  readonly collections: readonly boolean[] | undefined;
  readonly attributes: readonly boolean[] | undefined;
}

/** The rows of a segment that the filter shows. Everything that is scored or counted is counted over these alone. */
export function visibleRuns(segment: Segment, overlay: Overlay, filter: RowFilter): Runs {
  const masks = masksOf(segment, filter);
  const list = new RunList();
  for (const slice of segment.slices) {
    if (hasAclSet(filter, slice.aclSet)) addSlice(segment, slice, masks, { list, filter });
  }
  const seen = list.toRuns();
  if (overlay === NO_CHANGES) return seen;
  return unite(subtract(seen, overlay.hidden), movedRuns(segment, overlay, masks, filter));
}

// Access sets are branded numbers; a segment holds plain ones.
function hasAclSet({ access }: RowFilter, aclSet: number): boolean {
  const sets: ReadonlySet<number> = access.aclSets;
  return sets.has(aclSet);
}

function addSlice(
  segment: Segment,
  slice: AclSlice,
  masks: Masks,
  { list, filter }: { list: RunList; filter: RowFilter },
): void {
  const { starts, times } = segment.groups;
  if (masks.collections === undefined && masks.attributes === undefined && holds(slice.window, 0, filter)) {
    list.add(starts[slice.from]!, starts[slice.to]!);
    return;
  }
  for (let group = slice.from; group < slice.to; group++) {
    if (isPassed(segment, group, masks) && holds(times, group * 4, filter)) {
      list.add(starts[group]!, starts[group + 1]!);
    }
  }
}

function isPassed({ groups }: Segment, group: number, { collections, attributes }: Masks): boolean {
  return (
    (collections === undefined || collections[groups.collections[group]!] === true) &&
    (attributes === undefined || attributes[groups.attributes[group]!] === true)
  );
}

/** Whether both half-open periods at `times[at..at + 4]` hold at the filter's times. */
function holds(times: Float64Array | readonly number[], at: number, filter: RowFilter): boolean {
  return (
    times[at]! <= filter.validAtMs &&
    filter.validAtMs < times[at + 1]! &&
    times[at + 2]! <= filter.recordedAtMs &&
    filter.recordedAtMs < times[at + 3]!
  );
}

function movedRuns(segment: Segment, { moved }: Overlay, masks: Masks, filter: RowFilter): Runs {
  const list = new RunList();
  const { times } = segment.groups;
  for (const run of moved) {
    const group = segment.groupOf(run.start);
    const now = [times[group * 4]!, run.validToMs, times[group * 4 + 2]!, run.recordedToMs];
    if (hasAclSet(filter, run.aclSet) && isPassed(segment, group, masks) && holds(now, 0, filter)) {
      list.add(run.start, run.end);
    }
  }
  return list.toRuns();
}

function masksOf(segment: Segment, { access, attributes = [] }: RowFilter): Masks {
  const allowed: ReadonlySet<string> | undefined = access.collections;
  return {
    collections: allowed && segment.header.collections.map((collection) => allowed.has(collection)),
    attributes:
      attributes.length === 0
        ? undefined
        : segment.attributes.map((values) => attributes.every((condition) => meets(values, condition))),
  };
}
