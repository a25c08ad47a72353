import { bulletLength, isSectionScheme, rankOf, readNumbering } from '../numbering.ts';
import type { Block, Word } from '../parsed-document.ts';
import { buildTable, type CellDraft } from '../tables.ts';
import { segmentText, type Segment } from './lines.ts';
import { boundingBox, roundBox } from './matrix.ts';
import type { LayoutItem } from './page-layout.ts';
import type { Paragraph } from './paragraphs.ts';
import { cellText, isFigure, type PageTable } from './table/table-grid.ts';
import type { PageWord } from './words.ts';

const MAX_HEADING_CHARACTERS = 160;
const MAX_HEADING_LINES = 3;
const LARGER = 1.08;
const ITEM_LARGER = 1.3;
const SMALLER = 0.9;

/** The size of most of the document's letters. */
export function bodySizeOf(items: readonly LayoutItem[]): number {
  const letters = new Map<number, number>();
  for (const item of items) {
    if (item.kind === 'table') continue;
    const { size, lines } = item.paragraph;
    const length = lines.reduce((sum, line) => sum + segmentText(line).length, 0);
    letters.set(size, (letters.get(size) ?? 0) + length);
  }
  return [...letters].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

const textOfParagraph = (paragraph: Paragraph): string => paragraph.lines.map(segmentText).join(' ');

/** Whether a numbered line heads a section: short, and set apart or too short for a sentence. */
function isNumberedHeading(paragraph: Paragraph, rest: string, bodySize: number): boolean {
  const isSetApart = paragraph.isBold || paragraph.isCentered || paragraph.size >= LARGER * bodySize;
  return isSetApart ? rest.length < 120 : rest.length <= 60 && /^(?:$|[\p{Lu}(])/u.test(rest);
}

/** Whether size, weight or capitals set a short line apart from the text. */
function isSetAsHeading(paragraph: Paragraph, text: string, bodySize: number): boolean {
  if (paragraph.size >= LARGER * bodySize) return true;
  const isShouted = /\p{Lu}{3}/u.test(text) && !/\p{Ll}/u.test(text);
  // Bold words before a colon lead into the text that follows.
  const isHeavy = (paragraph.isBold || isShouted) && paragraph.spaceAbove > 1.3 && !text.endsWith(':');
  return isHeavy && paragraph.size >= SMALLER * bodySize && paragraph.lines.length <= 2;
}

/**
 * Whether a paragraph heads a section: it is short, and its size, its weight or its numbering set it apart from
 * the text.
 */
function isHeading(paragraph: Paragraph, bodySize: number): boolean {
  const text = textOfParagraph(paragraph);
  if (text.length > MAX_HEADING_CHARACTERS || paragraph.lines.length > MAX_HEADING_LINES) return false;
  const numbering = readNumbering(text);
  if (/[,;]$|[^.\d]\.$/u.test(text)) return false;
  if (numbering !== undefined && isSectionScheme(numbering.scheme)) {
    return isNumberedHeading(paragraph, numbering.rest, bodySize);
  }
  if (!/\p{L}{2}/u.test(text) || bulletLength(text) > 0 || isFigure(text)) return false;
  // Items of a list in slightly larger type are still items.
  const isItem = paragraph.isListItem && !paragraph.isBold && paragraph.size < ITEM_LARGER * bodySize;
  if (isItem) return false;
  return isSetAsHeading(paragraph, text, bodySize);
}

/** What makes headings differ in rank: a smaller key is wider. */
function headingKey(paragraph: Paragraph): number {
  const numbering = readNumbering(textOfParagraph(paragraph));
  const style = -Math.round(paragraph.size * 2) * 2 - (paragraph.isBold ? 1 : 0);
  return style * 1000 + (numbering === undefined ? 0 : rankOf(numbering));
}

/** Words of lines joined to text: a hyphen at the end of a line goes where the word goes on in small letters. */
function joinWords(
  words: readonly PageWord[],
  page: number,
  isLineEnd: (index: number) => boolean,
): { text: string; words: Word[] } {
  let text = '';
  const placed: Word[] = [];
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    const isCut =
      isLineEnd(index) &&
      next !== undefined &&
      /\p{L}[-\u00ad\u2010]$/u.test(word.text) &&
      /^\p{Ll}/u.test(next.text);
    const shown = (isCut ? word.text.slice(0, -1) : word.text).replaceAll('\u00ad', '');
    const start = text.length;
    text += shown;
    if (text.length > start) placed.push({ start, end: text.length, page, box: roundBox(word.box) });
    if (next !== undefined && !isCut) text += ' ';
  }
  return { text, words: placed };
}

function joinLines(lines: readonly Segment[], page: number, skip: number): { text: string; words: Word[] } {
  const words = lines.flatMap((line) => line.words);
  const ends = new Set<number>();
  let count = 0;
  for (const line of lines) {
    count += line.words.length;
    ends.add(count - 1);
  }
  const rest = words.slice(skip);
  return joinWords(rest, page, (index) => ends.has(index + skip));
}

function isCode({ lines }: Paragraph): boolean {
  return lines.length > 1 && lines.every(({ words }) => words.every(({ font }) => font.isMonospace));
}

/** Lines of code stay lines. */
function joinCode(lines: readonly Segment[], page: number): { text: string; words: Word[] } {
  let text = '';
  const words: Word[] = [];
  for (const line of lines) {
    if (text !== '') text += '\n';
    const joined = joinWords(line.words, page, () => false);
    words.push(
      ...joined.words.map((word) => ({
        ...word,
        start: word.start + text.length,
        end: word.end + text.length,
      })),
    );
    text += joined.text;
  }
  return { text, words };
}

/** Whether a paragraph is a note at the foot of its page: small type that begins with a mark. */
function isFootnote(paragraph: Paragraph, bodySize: number, pageHeight: number): boolean {
  const first = paragraph.lines[0]!;
  const isLow = first.box[1] > 0.55 * pageHeight;
  const isMarked = /^(?:\d{1,3}|[*†‡])(?:\s|\)|\.|(?=\p{L}))/u.test(segmentText(first));
  return isLow && isMarked && paragraph.size <= SMALLER * bodySize;
}

function paragraphBlock(
  paragraph: Paragraph,
  bodySize: number,
  pageHeight: number,
): { block: Block; key: number | undefined } {
  const { lines, page } = paragraph;
  const box = roundBox(boundingBox(lines.map(({ box }) => box)));
  const first = segmentText(lines[0]!);
  const bullet = bulletLength(first);
  const skip = bullet > 0 && lines[0]!.words.length > 1 && lines[0]!.words[0]!.text.length <= 2 ? 1 : 0;
  const joined = joinLines(lines, page, skip);
  const place = { ...joined, page, box };
  const label = readNumbering(joined.text)?.label;
  if (isFootnote(paragraph, bodySize, pageHeight))
    return { block: { kind: 'footnote', ...place }, key: undefined };
  if (isHeading(paragraph, bodySize))
    return { block: { kind: 'heading', level: 1, label, ...place }, key: headingKey(paragraph) };
  if (paragraph.isListItem)
    return { block: { kind: 'list-item', level: 0, label, ...place }, key: undefined };
  if (isCode(paragraph))
    return { block: { kind: 'code', ...joinCode(lines, page), page, box }, key: undefined };
  return { block: { kind: 'paragraph', ...place }, key: undefined };
}

/** How many rows at the top of a table name its columns: those above the first row with figures, three at most. */
function headerRows(table: PageTable): number {
  const isBody = (row: number): boolean =>
    table.cells.some((cell) => cell.row === row && cell.column > 0 && isFigure(cellText(cell)));
  for (let row = 0; row < Math.min(4, table.rows); row++) if (isBody(row)) return row;
  return 1;
}

function tableBlock(table: PageTable, page: number): Block & { kind: 'table' } {
  const header = headerRows(table);
  const drafts = table.cells.map((cell): CellDraft => {
    const { row, column, rowSpan, columnSpan } = cell;
    const joined = joinWords(cell.words, page, (index) => {
      const next = cell.words[index + 1];
      return next !== undefined && next.baseline - cell.words[index]!.baseline > 0.5 * next.size;
    });
    return { row, column, rowSpan, columnSpan, isHeader: row < header, ...joined };
  });
  return buildTable(drafts, { page, box: roundBox(table.box) });
}

/** Blocks of the whole document, heading levels settled by what sets headings apart. */
export function toBlocks(items: readonly LayoutItem[], pageHeight: (page: number) => number): Block[] {
  const bodySize = bodySizeOf(items);
  const drafts = items.map((item) =>
    item.kind === 'table'
      ? { block: tableBlock(item.table, item.page), key: undefined }
      : paragraphBlock(item.paragraph, bodySize, pageHeight(item.paragraph.page)),
  );
  const keys = [...new Set(drafts.flatMap(({ key }) => key ?? []))].toSorted((a, b) => a - b);
  return drafts
    .map(({ block, key }) =>
      block.kind === 'heading' && key !== undefined
        ? { ...block, level: Math.min(6, keys.indexOf(key) + 1) }
        : block,
    )
    .filter(({ text }) => text.trim() !== '');
}
