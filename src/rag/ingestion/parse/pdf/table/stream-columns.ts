import { cutAtGaps, type Row } from '../lines.ts';
import { boundingBox } from '../matrix.ts';
import type { Box } from '../../parsed-document.ts';
import type { PageWord } from '../words.ts';

/** Words that stand together in one cell of one line. */
export interface Chunk {
  readonly words: readonly PageWord[];
  readonly box: Box;
}

/** A space between words is at most this many sizes wide; between columns it is wider. */
const CHUNK_GAP = 0.5;
const STEP = 1;
/** Share of the lines that may run across a gap between columns: headings over several columns. */
const MAX_CROSSING = 0.18;
const MIN_GAP_WIDTH = 2;

/** The chunks of each line. */
export function toChunks(rows: readonly Row[], gap = CHUNK_GAP): Chunk[][] {
  return rows.map((row) =>
    cutAtGaps(
      row.segments.flatMap(({ words }) => words),
      gap,
    ).map((words) => ({ words, box: boundingBox(words.map(({ box }) => box)) })),
  );
}

/** How many lines cover each step from the left edge to the right one. */
function coverage(lines: readonly (readonly Chunk[])[], left: number, right: number): number[] {
  const cover = Array.from({ length: Math.max(1, Math.ceil((right - left) / STEP)) }, () => 0);
  for (const line of lines) {
    for (const { box } of line) {
      const from = Math.max(0, Math.floor((box[0] - left) / STEP));
      const to = Math.min(cover.length, Math.ceil((box[2] - left) / STEP));
      for (let at = from; at < to; at++) cover[at]! += 1;
    }
  }
  return cover;
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Maximal stretches that at most `limit` lines cover. */
function openStretches(cover: readonly number[], limit: number): Gap[] {
  const gaps: Gap[] = [];
  let from: number | undefined;
  for (let at = 0; at <= cover.length; at++) {
    const isOpen = at < cover.length && cover[at]! <= limit;
    if (isOpen) from ??= at;
    else if (from !== undefined) {
      gaps.push({ from, to: at });
      from = undefined;
    }
  }
  return gaps;
}

/** The middle of the least covered part of a gap. */
function bestCut(cover: readonly number[], gap: Gap): number {
  const least = Math.min(...cover.slice(gap.from, gap.to));
  const [first] = openStretches(cover.slice(gap.from, gap.to), least).toSorted(
    (a, b) => b.to - b.from - (a.to - a.from),
  );
  return first === undefined ? (gap.from + gap.to) / 2 : gap.from + (first.from + first.to) / 2;
}

/**
 * Where to part columns, from the white space that runs down through the lines of a table. A few lines may cross
 * it. The edges are not among the places.
 */
export function columnCuts(lines: readonly (readonly Chunk[])[]): number[] {
  const boxes = lines.flatMap((line) => line.map(({ box }) => box));
  if (boxes.length === 0) return [];
  const [left, , right] = boundingBox(boxes);
  const several = lines.filter((line) => line.length > 1);
  const counted = several.length >= 2 ? several : lines;
  const cover = coverage(counted, left, right);
  const limit = counted.length < 6 ? 0 : Math.floor(counted.length * MAX_CROSSING);
  const inner = openStretches(cover, limit).filter(({ from, to }) => from > 0 && to < cover.length);
  return inner
    .filter(({ from, to }) => (to - from) * STEP >= MIN_GAP_WIDTH)
    .map((gap) => left + bestCut(cover, gap) * STEP);
}
