import type { Box } from '../parsed-document.ts';
import type { PageWord } from './words.ts';

const BULLET = '•';
/** How far before its line a bullet stands at most, and how large it is, in sizes of the line's letters. */
const MAX_GAP = 2.5;
const MAX_SIZE = 0.7;
/** A word this near before a mark makes it part of a line and no bullet, in sizes. */
const CLEAR = 4;
const BUCKET = 20;

/** Words by the stretch of the page's height in which they stand. */
function byHeight(words: readonly PageWord[]): ReadonlyMap<number, readonly PageWord[]> {
  const buckets = new Map<number, PageWord[]>();
  for (const word of words) {
    for (const at of new Set([Math.floor(word.box[1] / BUCKET), Math.floor(word.box[3] / BUCKET)])) {
      const bucket = buckets.get(at);
      if (bucket === undefined) buckets.set(at, [word]);
      else bucket.push(word);
    }
  }
  return buckets;
}

/** The word that a mark stands before; undefined when it is not at the head of a line. */
function wordBehind(mark: Box, near: readonly PageWord[]): PageWord | undefined {
  const middle = (mark[1] + mark[3]) / 2;
  const line = near.filter(({ box, angle }) => angle === 0 && middle > box[1] && middle < box[3]);
  const isBefore = line.some(({ box, size }) => box[0] < mark[0] && box[2] > mark[0] - CLEAR * size);
  if (isBefore) return undefined;
  const next = line.filter(({ box }) => box[0] >= mark[2] - 0.5).toSorted((a, b) => a.box[0] - b.box[0])[0];
  if (next === undefined || next.text.length < 2) return undefined;
  const isClose = next.box[0] - mark[2] <= MAX_GAP * next.size;
  return isClose && mark[3] - mark[1] <= MAX_SIZE * next.size ? next : undefined;
}

/** Bullets that are drawn and not written, as words: browsers print lists so. */
export function drawnBullets(words: readonly PageWord[], marks: readonly Box[]): PageWord[] {
  if (marks.length === 0) return [];
  const buckets = byHeight(words);
  const found = new Map<PageWord, Box>();
  for (const mark of marks) {
    const next = wordBehind(mark, buckets.get(Math.floor((mark[1] + mark[3]) / 2 / BUCKET)) ?? []);
    if (next !== undefined) found.set(next, mark);
  }
  return [...found].map(([next, box]) => ({
    ...next,
    text: BULLET,
    box: [box[0], next.box[1], box[2], next.box[3]],
  }));
}
