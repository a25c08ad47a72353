import type { IndexOperation } from '#contracts/index.ts';
import { warmed } from './cold-file.ts';
import { moveRows, removeRows } from './overlay.ts';
import type { IndexView, SegmentState } from './view.ts';

/** What the writer makes itself: chunks that are to be loaded are there by now. */
export type LoadedOperation = Exclude<IndexOperation, { type: 'load' }>;
/** A change to rows that are there; adding is the other kind. */
export type RowChange = Exclude<LoadedOperation, { type: 'add' }>;

/** With every column in memory, as merging needs them. */
export const whole = (view: IndexView): IndexView =>
  view.map(({ segment, overlay }) => ({ segment: warmed(segment), overlay }));

/** The state after a change to rows, wherever they are; the same object when it has none of them. */
export function changeState(state: SegmentState, change: RowChange): SegmentState {
  const { segment, overlay } = state;
  const locals = change.rows.map((row) => segment.find(row)).filter((local) => local >= 0);
  if (locals.length === 0) return state;
  if (change.type === 'remove') return { segment, overlay: removeRows(overlay, locals) };
  const { type: _, rows: __, ...move } = change;
  return { segment, overlay: moveRows(segment, overlay, locals, move) };
}
