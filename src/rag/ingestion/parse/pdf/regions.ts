import { segmentText, toRow, type Row, type Segment } from './lines.ts';
import { isFigure } from './table/table-grid.ts';

/** A stretch of a page that is read from top to bottom. */
export interface Region {
  readonly rows: readonly Row[];
}

interface Gutter {
  readonly from: number;
  readonly to: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

const MIN_GUTTER_WIDTH = 6;
const MIN_COLUMN_ROWS = 4;
/** Letters in a usual line of prose; cells of tables are shorter. */
const MIN_PROSE_LENGTH = 22;
const MAX_DEPTH = 4;

/** The white stretches between the segments of a row. */
function gapsOf(row: Row): { from: number; to: number }[] {
  return row.segments
    .slice(1)
    .map((segment, index) => ({ from: row.segments[index]!.box[2], to: segment.box[0] }));
}

/** Whether a row leaves a stretch free. */
function leavesFree(row: Row, from: number, to: number): boolean {
  return row.segments.every(({ box }) => box[2] <= from + 0.5 || box[0] >= to - 0.5);
}

/** Follows a gap down the rows as far as it stays open, narrowing as it must. */
function followGap(rows: readonly Row[], start: number, gap: { from: number; to: number }): Gutter {
  let { from, to } = gap;
  let lastRow = start;
  for (let at = start + 1; at < rows.length; at++) {
    const row = rows[at]!;
    let nextFrom = from;
    let nextTo = to;
    for (const { box } of row.segments) {
      const middle = (from + to) / 2;
      if (box[2] <= middle) nextFrom = Math.max(nextFrom, box[2]);
      else if (box[0] >= middle) nextTo = Math.min(nextTo, box[0]);
      else nextTo = Number.NEGATIVE_INFINITY;
    }
    if (nextTo - nextFrom < MIN_GUTTER_WIDTH) break;
    from = nextFrom;
    to = nextTo;
    lastRow = at;
  }
  return { from, to, firstRow: start, lastRow };
}

/** Rows above the start of a gutter that leave it free too. */
function extendUp(rows: readonly Row[], gutter: Gutter): Gutter {
  let { firstRow } = gutter;
  while (firstRow > 0 && leavesFree(rows[firstRow - 1]!, gutter.from, gutter.to)) {
    const height = rows[firstRow]!.box[3] - rows[firstRow]!.box[1];
    if (rows[firstRow]!.box[1] - rows[firstRow - 1]!.box[3] > 2 * height) break;
    firstRow -= 1;
  }
  return { ...gutter, firstRow };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Letters in the usual line on one side of a gutter. */
function usualLength(segments: readonly Segment[]): number {
  return median(segments.map((segment) => segmentText(segment).length));
}

function figureShare(segments: readonly Segment[]): number {
  return segments.filter((segment) => isFigure(segmentText(segment))).length / Math.max(1, segments.length);
}

/** Whether most lines reach the same right edge, as lines of running text do. */
function isFilled(segments: readonly Segment[]): boolean {
  const widths = segments.map(({ box }) => box[2] - box[0]).toSorted((a, b) => a - b);
  const full = widths[Math.floor(widths.length * 0.9)] ?? 0;
  return median(widths) > 0.85 * full;
}

/**
 * Whether a gutter parts columns of a page and not of a table: prose on both sides, or a long stretch of filled
 * lines beside something that is not a column of figures, such as a picture with its words.
 */
function partsColumns(left: readonly Segment[], right: readonly Segment[]): boolean {
  const sides = [left, right];
  if (sides.some((side) => side.length < MIN_COLUMN_ROWS)) return false;
  if (sides.every((side) => usualLength(side) >= MIN_PROSE_LENGTH)) return true;
  if (sides.some((side) => figureShare(side) > 0.25)) return false;
  return sides.some((side) => side.length >= 12 && usualLength(side) >= 35 && isFilled(side));
}

function sidesOf(rows: readonly Row[], gutter: Gutter): { left: Row[]; right: Row[] } {
  const side = (isLeft: boolean): Row[] =>
    rows.slice(gutter.firstRow, gutter.lastRow + 1).flatMap((row) => {
      const own = row.segments.filter(({ box }) => (isLeft ? box[2] <= gutter.to : box[0] >= gutter.from));
      return own.length === 0 ? [] : [toRow(own)];
    });
  return { left: side(true), right: side(false) };
}

/** Whether a gap is part of a gutter that was followed already. */
function isFollowed(tried: readonly Gutter[], row: number, gap: { from: number; to: number }): boolean {
  return tried.some(
    ({ firstRow, lastRow, from, to }) =>
      row >= firstRow && row <= lastRow && gap.from <= from && gap.to >= to,
  );
}

/** The longest white stretch between two columns of prose; undefined when the rows are one column. */
function findGutter(rows: readonly Row[]): Gutter | undefined {
  let best: Gutter | undefined;
  const tried: Gutter[] = [];
  for (const [index, row] of rows.entries()) {
    for (const gap of gapsOf(row)) {
      if (gap.to - gap.from < MIN_GUTTER_WIDTH || isFollowed(tried, index, gap)) continue;
      const gutter = extendUp(rows, followGap(rows, index, gap));
      tried.push(gutter);
      const length = gutter.lastRow - gutter.firstRow;
      if (length + 1 < MIN_COLUMN_ROWS || (best !== undefined && length <= best.lastRow - best.firstRow))
        continue;
      const { left, right } = sidesOf(rows, gutter);
      if (
        partsColumns(
          left.flatMap(({ segments }) => segments),
          right.flatMap(({ segments }) => segments),
        )
      )
        best = gutter;
    }
  }
  return best;
}

/**
 * Cuts the rows of a page to regions in reading order: what stands over all columns, then each column from top
 * to bottom. A gutter counts only between lines of prose, so that tables stay whole.
 */
export function toRegions(rows: readonly Row[], depth = 0): Region[] {
  if (rows.length === 0) return [];
  const gutter = depth < MAX_DEPTH ? findGutter(rows) : undefined;
  if (gutter === undefined) return [{ rows }];
  const { left, right } = sidesOf(rows, gutter);
  return [
    ...toRegions(rows.slice(0, gutter.firstRow), depth + 1),
    ...toRegions(left, depth + 1),
    ...toRegions(right, depth + 1),
    ...toRegions(rows.slice(gutter.lastRow + 1), depth + 1),
  ];
}
