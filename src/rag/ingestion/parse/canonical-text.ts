import type { Span } from '#core/index.ts';
import type { Block, Box, ParsedDocument, Word } from './parsed-document.ts';

/**
 * The text of a version that citations point into, and where each block stands in it. Blocks are joined by
 * separators, which belong to no block. Plain data: stored as it is, and worked on by the functions below.
 */
export interface CanonicalText {
  readonly text: string;
  /** One span per block of the parsed document, in order; separators lie between. */
  readonly blockSpans: readonly Span[];
}

/** A place in the source that a stretch of canonical text came from. */
export interface SourceBox {
  readonly page: number;
  readonly box: Box;
}

/** What an offset of the canonical text points at. */
export interface SourcePlace {
  readonly blockIndex: number;
  /** Into the block's own text. */
  readonly offset: number;
  /** The word drawn there, when the format has geometry and the offset is not between words. */
  readonly word: Word | undefined;
}

const PARAGRAPH_BREAK = '\n\n';
const LINE_BREAK = '\n';

/** Items of one list keep together: a line break instead of an empty line. */
function separatorAfter(block: Block, next: Block): string {
  return block.kind === 'list-item' && next.kind === 'list-item' ? LINE_BREAK : PARAGRAPH_BREAK;
}

/** Joins the blocks of a document. Pure: equal documents have equal canonical texts. */
export function toCanonicalText(parsed: Pick<ParsedDocument, 'blocks'>): CanonicalText {
  const parts: string[] = [];
  const blockSpans: Span[] = [];
  let length = 0;
  for (const [index, block] of parsed.blocks.entries()) {
    const previous = parsed.blocks[index - 1];
    if (previous !== undefined) {
      const separator = separatorAfter(previous, block);
      parts.push(separator);
      length += separator.length;
    }
    parts.push(block.text);
    blockSpans.push({ start: length, end: length + block.text.length });
    length += block.text.length;
  }
  return { text: parts.join(''), blockSpans };
}

/** The last index whose start is at or before `offset`, in spans sorted by start; -1 when there is none. */
export function lastStartingBefore(spans: readonly Span[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** From the canonical text to the source: undefined for an offset in a separator or outside of the text. */
export function placeOf(
  canonical: CanonicalText,
  blocks: readonly Block[],
  offset: number,
): SourcePlace | undefined {
  const blockIndex = lastStartingBefore(canonical.blockSpans, offset);
  const span = canonical.blockSpans[blockIndex];
  const block = blocks[blockIndex];
  if (span === undefined || block === undefined || offset >= span.end) return undefined;
  const inBlock = offset - span.start;
  const words = block.words ?? [];
  const word = words[lastStartingBefore(words, inBlock)];
  return { blockIndex, offset: inBlock, word: word !== undefined && inBlock < word.end ? word : undefined };
}

/** From the source to the canonical text: where a character of a block stands. */
export function offsetOf(
  canonical: CanonicalText,
  place: Pick<SourcePlace, 'blockIndex' | 'offset'>,
): number {
  const span = canonical.blockSpans[place.blockIndex];
  if (span === undefined || place.offset < 0 || place.offset > span.end - span.start) {
    throw new RangeError(`block ${place.blockIndex} has no character ${place.offset}`);
  }
  return span.start + place.offset;
}

/** From a point on a page to the canonical text: the start of the word drawn there. */
export function offsetAt(
  canonical: CanonicalText,
  blocks: readonly Block[],
  point: { readonly page: number; readonly x: number; readonly y: number },
): number | undefined {
  for (const [blockIndex, block] of blocks.entries()) {
    const word = block.words?.find(
      ({ page, box: [x0, y0, x1, y1] }) =>
        page === point.page && point.x >= x0 && point.x <= x1 && point.y >= y0 && point.y <= y1,
    );
    if (word !== undefined) return offsetOf(canonical, { blockIndex, offset: word.start });
  }
  return undefined;
}

/** Whether two boxes stand on one line: they share at least half of the lower one's height. */
function isSameLine(a: Box, b: Box): boolean {
  const shared = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return shared >= 0.5 * Math.min(a[3] - a[1], b[3] - b[1]);
}

/** Whether `next` follows `box` on its line closely enough to be marked with one rectangle. */
function continuesLine(box: Box, next: Box): boolean {
  const height = box[3] - box[1];
  return isSameLine(box, next) && next[0] >= box[0] && next[0] - box[2] < 2 * height;
}

function union(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Adds a rectangle for marking: one for each line, unless words stand far apart. */
function pushBox(boxes: SourceBox[], next: SourceBox): void {
  const last = boxes.at(-1);
  if (last !== undefined && last.page === next.page && continuesLine(last.box, next.box)) {
    boxes[boxes.length - 1] = { page: last.page, box: union(last.box, next.box) };
  } else {
    boxes.push(next);
  }
}

/** Adds what of one block a span touches; `at` is where the block stands. */
function pushBlock(boxes: SourceBox[], block: Block, at: Span, span: Span): void {
  if (block.words === undefined) {
    if (block.page !== undefined && block.box !== undefined) boxes.push({ page: block.page, box: block.box });
    return;
  }
  for (const word of block.words) {
    const isInside = at.start + word.start < span.end && at.start + word.end > span.start;
    if (isInside) pushBox(boxes, { page: word.page, box: word.box });
  }
}

/**
 * The rectangles to mark for a span of canonical text, in reading order. A block without words gives its own
 * box, one without a box nothing.
 */
export function boxesOf(
  canonical: CanonicalText,
  blocks: readonly Block[],
  span: Span,
): readonly SourceBox[] {
  const boxes: SourceBox[] = [];
  for (let index = Math.max(0, lastStartingBefore(canonical.blockSpans, span.start)); ; index++) {
    const at = canonical.blockSpans[index];
    const block = blocks[index];
    if (at === undefined || block === undefined || at.start >= span.end) return boxes;
    if (at.end > span.start) pushBlock(boxes, block, at, span);
  }
}
