import type { Box } from '../parsed-document.ts';
import { boundingBox } from './matrix.ts';
import type { PageWord } from './words.ts';

/** Words of one line that stand close enough to be read together. */
export interface Segment {
  readonly words: readonly PageWord[];
  readonly box: Box;
  readonly size: number;
  readonly baseline: number;
  /** Its words parted by spaces. */
  readonly text: string;
}

/** All segments at one height, from left to right. */
export interface Row {
  readonly segments: readonly Segment[];
  readonly box: Box;
}

/** A gap wider than this many sizes may be the space between two columns. */
const SEGMENT_GAP = 1;
const MIN_SHARED_HEIGHT = 0.45;
const TOUCHING = 0.08;
/** Browsers set a raised number five sixths as high as its line. */
const MAX_SCRIPT_SIZE = 0.87;

function sharedHeight(a: Box, b: Box): number {
  const shared = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return shared / Math.max(0.1, Math.min(a[3] - a[1], b[3] - b[1]));
}

/** Makes a segment of words that are sorted from left to right. */
export function toSegment(words: readonly PageWord[]): Segment {
  const longest = words.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  return {
    words,
    box: boundingBox(words.map(({ box }) => box)),
    size: longest.size,
    baseline: longest.baseline,
    text: words.map(({ text }) => text).join(' '),
  };
}

/** A row of segments that are sorted from left to right. */
export function toRow(segments: readonly Segment[]): Row {
  return { segments, box: boundingBox(segments.map(({ box }) => box)) };
}

/** The text of a segment, words parted by spaces. */
export function segmentText(segment: Segment): string {
  return segment.text;
}

/** Pieces of one word that were drawn apart: they touch and have one style. */
function joinTouching(words: readonly PageWord[]): PageWord[] {
  const joined: PageWord[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : word.box[0] - last.box[2];
    const isSameStyle =
      last !== undefined && Math.abs(last.size - word.size) < 0.5 && last.angle === word.angle;
    if (last !== undefined && isSameStyle && Math.abs(gap) < TOUCHING * word.size) {
      joined[joined.length - 1] = {
        ...last,
        text: last.text + word.text,
        box: boundingBox([last.box, word.box]),
      };
    } else {
      joined.push(word);
    }
  }
  return joined;
}

/** Cuts words at one height where a gap is wider than `gap` sizes. */
export function cutAtGaps(words: readonly PageWord[], gap: number): PageWord[][] {
  const runs: PageWord[][] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const word of words) {
    const last = runs.at(-1);
    const size = Math.max(word.size, last?.at(-1)?.size ?? 0);
    if (last !== undefined && word.box[0] - right <= gap * size) last.push(word);
    else runs.push([word]);
    right = Math.max(right, word.box[2]);
  }
  return runs;
}

/** Rows are looked for among those whose first word has its middle about as high, in points. */
const BUCKET = 20;

interface OpenRow {
  readonly words: PageWord[];
  readonly box: Box;
}

/** The first row that a word belongs to. */
function findRow(
  byHeight: ReadonlyMap<number, readonly OpenRow[]>,
  bucket: number,
  word: PageWord,
): OpenRow | undefined {
  for (let near = bucket - 1; near <= bucket + 1; near++) {
    for (const row of byHeight.get(near) ?? []) {
      if (sharedHeight(row.box, word.box) >= MIN_SHARED_HEIGHT && fits(row, word)) return row;
    }
  }
  return undefined;
}

/** Groups the words of a page to rows, from top to bottom. Marks above and below the line go with it. */
export function toRows(words: readonly PageWord[], gap = SEGMENT_GAP): Row[] {
  const sorted = words.toSorted((a, b) => b.size - a.size || a.baseline - b.baseline);
  const rows: OpenRow[] = [];
  const byHeight = new Map<number, OpenRow[]>();
  for (const word of sorted) {
    const bucket = Math.floor((word.box[1] + word.box[3]) / 2 / BUCKET);
    const row = findRow(byHeight, bucket, word);
    if (row !== undefined) {
      row.words.push(word);
      continue;
    }
    const added = { words: [word], box: word.box };
    rows.push(added);
    const beside = byHeight.get(bucket);
    if (beside === undefined) byHeight.set(bucket, [added]);
    else beside.push(added);
  }
  return rows
    .map(({ words }) => {
      const ordered = joinTouching(words.toSorted((a, b) => a.box[0] - b.box[0]));
      return toRow(cutAtGaps(ordered, gap).map(toSegment));
    })
    .toSorted((a, b) => a.box[1] - b.box[1]);
}

/** How far a word stands from the nearest word of a row. */
function distanceTo(words: readonly PageWord[], word: PageWord): number {
  return Math.min(...words.map(({ box }) => Math.max(box[0] - word.box[2], word.box[0] - box[2])));
}

/** A word whose letters stand on the row's line, or a smaller one raised or lowered right beside a word of it. */
function fits(row: { words: readonly PageWord[] }, word: PageWord): boolean {
  const first = row.words[0]!;
  const shift = Math.abs(first.baseline - word.baseline);
  if (shift <= 0.25 * first.size) return true;
  const isScript = word.size < MAX_SCRIPT_SIZE * first.size && shift <= 0.6 * first.size;
  return isScript && distanceTo(row.words, word) <= 0.5 * word.size;
}

/**
 * Rows of lines that are known to be lines: words of one line stay together, and lines side by side make a row.
 * For pages read from pictures, where baselines of neighbouring columns are never quite the same.
 */
export function rowsOfLines(lines: readonly (readonly PageWord[])[]): Row[] {
  const segments = lines.flatMap((words) =>
    cutAtGaps(
      words.toSorted((a, b) => a.box[0] - b.box[0]),
      SEGMENT_GAP,
    ).map(toSegment),
  );
  const rows: Segment[][] = [];
  for (const segment of segments.toSorted((a, b) => a.box[1] - b.box[1])) {
    const isBeside = (row: readonly Segment[]): boolean =>
      sharedHeight(row[0]!.box, segment.box) >= 0.6 &&
      row.every(({ box }) => box[2] <= segment.box[0] || box[0] >= segment.box[2]);
    const row = rows.slice(-6).find(isBeside);
    if (row === undefined) rows.push([segment]);
    else row.push(segment);
  }
  return rows.map((row) => toRow(row.toSorted((a, b) => a.box[0] - b.box[0])));
}
