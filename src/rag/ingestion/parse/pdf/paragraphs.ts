import { bulletLength, isItemScheme, isSectionScheme, readNumbering } from '../numbering.ts';
import { toSegment, segmentText, type Row, type Segment } from './lines.ts';

/** Lines of one page that belong together, before anything is known of the whole document. */
export interface Paragraph {
  readonly page: number;
  readonly lines: readonly Segment[];
  readonly isListItem: boolean;
  readonly isBold: boolean;
  readonly isCentered: boolean;
  readonly size: number;
  /** Space above it, in line heights; large at the top of a region. */
  readonly spaceAbove: number;
}

/** The edges of a region, to tell full lines from short ones and indents from margins. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly pitch: number;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

function frameOf(lines: readonly Segment[]): Frame {
  const pitches = lines.slice(1).map((line, index) => line.baseline - lines[index]!.baseline);
  return {
    left: percentile(
      lines.map(({ box }) => box[0]),
      0.1,
    ),
    right: percentile(
      lines.map(({ box }) => box[2]),
      0.9,
    ),
    pitch: percentile(
      pitches.filter((pitch) => pitch > 0),
      0.4,
    ),
  };
}

/** Whether all letters of a line are bold. */
export function isBoldLine(line: Segment): boolean {
  const words = line.words.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  return words.length > 0 && words.every(({ font }) => font.isBold);
}

function isCentered(line: Segment, frame: Frame): boolean {
  const left = line.box[0] - frame.left;
  const right = frame.right - line.box[2];
  return left > 2 * line.size && Math.abs(left - right) < 0.15 * (frame.right - frame.left);
}

const isLikelyStart = (text: string): boolean => /^["„“(]?[\p{Lu}\p{N}§]/u.test(text);
const endsSentence = (text: string): boolean => /[.!?:;]["”)]?$/u.test(text);

/** Whether a line begins an item of a list. */
function beginsItem(text: string): boolean {
  if (bulletLength(text) > 0) return true;
  const numbering = readNumbering(text);
  if (numbering === undefined || numbering.rest === '') return false;
  return isItemScheme(numbering.scheme) || (numbering.scheme === 'decimal' && numbering.depth === 1);
}

/** Whether a line is numbered as the head of a section. Inside of a sentence the same words only name one. */
function beginsSection(text: string, above: string): boolean {
  const numbering = readNumbering(text);
  if (numbering === undefined) return false;
  const isDeep = numbering.scheme === 'decimal' && numbering.depth > 1 && numbering.rest !== '';
  if (isDeep && readNumbering(above) !== undefined) return true;
  return isSectionScheme(numbering.scheme) && !/^\p{Ll}/u.test(text) && endsSentence(above);
}

/** Whether two lines are set so far apart, or so unlike each other, that they cannot be one paragraph. */
function isApart(line: Segment, above: Segment, frame: Frame): boolean {
  const height = Math.max(above.size, line.size);
  const step = line.baseline - above.baseline;
  if (step > Math.max(1.35 * frame.pitch, 1.1 * height) && step > 1.45 * height) return true;
  // Lines of one heading stand close; two headings, one under the other, do not.
  if (step > 1.35 * height && isBoldLine(line) && isBoldLine(above)) return true;
  return Math.abs(line.size - above.size) > 0.12 * height || isBoldLine(line) !== isBoldLine(above);
}

/** Whether a line is indented as the first line of a paragraph is. */
function isFirstLine(line: Segment, above: Segment, isHanging: boolean, frame: Frame): boolean {
  const indent = 0.9 * Math.max(above.size, line.size);
  const isIndented = line.box[0] > above.box[0] + indent && line.box[0] > frame.left + indent;
  // Lines of a heading are set around one middle, wherever the edges of the other lines are.
  const lean = line.box[0] + line.box[2] - above.box[0] - above.box[2];
  if (Math.abs(lean) < 0.5 * line.size && isBoldLine(line) && isBoldLine(above)) return false;
  return isIndented && !isHanging && !isCentered(line, frame) && isLikelyStart(segmentText(line));
}

/** Whether a line belongs to the paragraph above it. */
function continues(line: Segment, above: Segment, first: Segment, frame: Frame): boolean {
  const text = segmentText(line);
  const textAbove = segmentText(above);
  if (isApart(line, above, frame) || beginsItem(text) || beginsSection(text, textAbove)) return false;
  const isHanging = above === first && beginsItem(textAbove);
  if (isFirstLine(line, above, isHanging, frame)) return false;
  const isFull = above.box[2] > frame.right - 0.18 * (frame.right - frame.left);
  return isFull || !endsSentence(textAbove) || !isLikelyStart(text);
}

function toParagraph(lines: readonly Segment[], page: number, frame: Frame, spaceAbove: number): Paragraph {
  const first = lines[0]!;
  const sizes = lines.flatMap(({ words }) => words.map(({ size, text }) => ({ size, length: text.length })));
  const bySize = new Map<number, number>();
  for (const { size, length } of sizes) {
    const rounded = Math.round(size * 2) / 2;
    bySize.set(rounded, (bySize.get(rounded) ?? 0) + length);
  }
  return {
    page,
    lines,
    isListItem: beginsItem(segmentText(first)),
    isBold: lines.every(isBoldLine),
    isCentered: lines.every((line) => isCentered(line, frame)),
    size: [...bySize].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? first.size,
    spaceAbove,
  };
}

/** Groups the rows of one region to paragraphs. Segments of one row are read as one line. */
export function toParagraphs(rows: readonly Row[], page: number): Paragraph[] {
  const lines = rows.map(({ segments }) => toSegment(segments.flatMap(({ words }) => words)));
  const frame = frameOf(lines);
  const paragraphs: Paragraph[] = [];
  let run: Segment[] = [];
  let spaceAbove = 10;
  const flush = (next: Segment | undefined): void => {
    if (run.length > 0) paragraphs.push(toParagraph(run, page, frame, spaceAbove));
    const last = run.at(-1);
    if (last !== undefined && next !== undefined)
      spaceAbove = (next.baseline - last.baseline) / Math.max(1, next.size);
    run = [];
  };
  for (const line of lines) {
    const above = run.at(-1);
    if (above !== undefined && !continues(line, above, run[0]!, frame)) flush(line);
    run.push(line);
  }
  flush(undefined);
  return paragraphs;
}
