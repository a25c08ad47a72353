import type { Overlay } from './overlay.ts';
import type { Runs } from './runs.ts';
import type { Segment } from './segment.ts';

/** A segment with what changed since it was made. */
export interface SegmentState {
  readonly segment: Segment;
  readonly overlay: Overlay;
}

/** Everything a search sees: an unchanging list. A change to the index makes a new one. */
export type IndexView = readonly SegmentState[];

/** A segment with the rows that one query sees. */
export interface VisibleSegment {
  readonly segment: Segment;
  readonly runs: Runs;
}
