import { collapse } from '../markup/markup-tree.ts';
import { bulletLength, readNumbering } from '../numbering.ts';
import { ParseFailure } from '../parse-failure.ts';
import { emptyDocument, type Block, type ParsedDocument } from '../parsed-document.ts';
import { tableOfRows } from '../tables.ts';
import type { CompoundFile } from './compound-file.ts';

const WORD_97 = 0xc1;
const IS_ENCRYPTED = 0x0100;
const USES_SECOND_TABLE = 0x0200;
const COMPRESSED = 0x40000000;
const PAGE_BYTES = 512;

/** A stretch of text: where it stands in the document and in the stream. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  readonly isWide: boolean;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The pieces that the text is made of (MS-DOC, 2.9.38). */
function readPieces(table: Uint8Array, start: number, length: number): Piece[] {
  const view = viewOf(table);
  let at = start;
  while (at < start + length && view.getUint8(at) === 1) at += 3 + view.getUint16(at + 1, true);
  if (at >= start + length || view.getUint8(at) !== 2) throw new ParseFailure('damaged', { format: 'doc' });
  const size = view.getUint32(at + 1, true);
  const count = Math.floor((size - 4) / 12);
  const places = at + 5;
  const descriptors = places + (count + 1) * 4;
  return Array.from({ length: count }, (_, index) => {
    const code = view.getUint32(descriptors + index * 8 + 2, true);
    const isWide = (code & COMPRESSED) === 0;
    return {
      start: view.getUint32(places + index * 4, true),
      end: view.getUint32(places + index * 4 + 4, true),
      offset: isWide ? code : (code & ~COMPRESSED) / 2,
      isWide,
    };
  });
}

/** The style of paragraphs by where in the stream they stand (MS-DOC, 2.9.174: PapxFkp). */
function readStyles(
  word: Uint8Array,
  table: Uint8Array,
  start: number,
  length: number,
): { from: number; to: number; style: number }[] {
  const view = viewOf(table);
  const pages = viewOf(word);
  const count = Math.floor((length - 4) / 8);
  const runs: { from: number; to: number; style: number }[] = [];
  for (let index = 0; index < count; index++) {
    const page = view.getUint32(start + (count + 1) * 4 + index * 4, true) * PAGE_BYTES;
    if (page + PAGE_BYTES > word.length) continue;
    const paragraphs = pages.getUint8(page + PAGE_BYTES - 1);
    for (let paragraph = 0; paragraph < paragraphs; paragraph++) {
      const place = page + (paragraphs + 1) * 4 + paragraph * 13;
      const at = page + pages.getUint8(place) * 2;
      const head = pages.getUint8(place) === 0 ? undefined : at + (pages.getUint8(at) === 0 ? 2 : 1);
      const style = head === undefined || head + 2 > word.length ? 0 : pages.getUint16(head, true);
      runs.push({
        from: pages.getUint32(page + paragraph * 4, true),
        to: pages.getUint32(page + paragraph * 4 + 4, true),
        style,
      });
    }
  }
  return runs.toSorted((a, b) => a.from - b.from);
}

interface DocText {
  readonly text: string;
  /** Where in the stream the character at a place stands. */
  readonly offsetOf: (place: number) => number;
}

function readText(word: Uint8Array, pieces: readonly Piece[], length: number): DocText {
  let text = '';
  const starts: { place: number; piece: Piece }[] = [];
  for (const piece of pieces) {
    const count = Math.min(piece.end, length) - piece.start;
    if (count <= 0) continue;
    starts.push({ place: text.length, piece });
    const bytes = word.subarray(piece.offset, piece.offset + count * (piece.isWide ? 2 : 1));
    text += new TextDecoder(piece.isWide ? 'utf-16le' : 'windows-1252').decode(bytes);
  }
  const offsetOf = (place: number): number => {
    const found = starts.findLast((start) => start.place <= place);
    return found === undefined
      ? 0
      : found.piece.offset + (place - found.place) * (found.piece.isWide ? 2 : 1);
  };
  return { text, offsetOf };
}

/** Text without the instructions of fields, pictures and marks. */
function clean(text: string): string {
  let shown = '';
  let depth = 0;
  let hidden = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x13) {
      depth += 1;
      hidden += 1;
    } else if (code === 0x14) hidden = Math.max(0, hidden - 1);
    else if (code === 0x15) {
      depth = Math.max(0, depth - 1);
      hidden = Math.min(hidden, depth);
    } else if (hidden === 0)
      shown += code === 0x1e ? '-' : code === 0x0b ? '\n' : code < 0x20 ? ' ' : character;
  }
  return shown
    .replaceAll('\u00ad', '')
    .split('\n')
    .map(collapse)
    .filter((line) => line !== '')
    .join('\n');
}

const LAST_HEADING = 9;

function toBlock(text: string, style: number): Block {
  const label = readNumbering(text)?.label;
  // The first styles of every document are its headings (MS-DOC, 2.9.271).
  if (style >= 1 && style <= LAST_HEADING) return { kind: 'heading', level: style, text, label };
  const bullet = bulletLength(text);
  return bullet > 0 ? { kind: 'list-item', level: 0, text: text.slice(bullet) } : { kind: 'paragraph', text };
}

const CELL_END = '\u0007';
const PAGE_END = '\f';

/** Cells end with a mark, and a row with a second one. */
function toRows(source: string): string[][] {
  return source
    .split(`${CELL_END}${CELL_END}`)
    .map((row) => row.split(CELL_END).map((cell) => clean(cell.replaceAll('\r', ' '))))
    .filter((row) => row.some((cell) => cell !== ''));
}

/** Paragraphs, cells and sections, each with the mark that ends it. */
function splitAfterMarks(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\r' && text[at] !== CELL_END && text[at] !== PAGE_END) continue;
    parts.push(text.slice(from, at + 1));
    from = at + 1;
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}

function toBlocks({ text, offsetOf }: DocText, styleAt: (offset: number) => number): Block[] {
  const blocks: Block[] = [];
  let table = '';
  const flush = (): void => {
    const rows = toRows(table);
    table = '';
    if (rows.length > 0) blocks.push(tableOfRows(rows, rows.length > 1 ? 1 : 0));
  };
  let place = 0;
  for (const whole of splitAfterMarks(text)) {
    const from = place;
    place += whole.length;
    if (whole.endsWith(CELL_END)) {
      table += whole;
      continue;
    }
    if (table !== '' && !table.endsWith(`${CELL_END}${CELL_END}`) && whole.endsWith('\r')) {
      table += whole;
      continue;
    }
    flush();
    const shown = clean(whole);
    if (shown !== '') blocks.push(toBlock(shown, styleAt(offsetOf(from))));
  }
  flush();
  return blocks;
}

/** The text of Word 6 and 95, which stands in one stretch. */
function readOldText(word: Uint8Array): DocText {
  const view = viewOf(word);
  const [from, to] = [view.getUint32(0x18, true), view.getUint32(0x1c, true)];
  const text = new TextDecoder('windows-1252').decode(word.subarray(from, Math.min(to, word.length)));
  return { text, offsetOf: () => 0 };
}

/**
 * Reads a document of Word 97 to 2003, and the text of its forerunners (MS-DOC).
 * @throws {ParseFailure} `encrypted`, `damaged`.
 */
export function parseDoc(file: CompoundFile): ParsedDocument {
  const word = file.streams.get('WordDocument');
  if (word === undefined || word.length < PAGE_BYTES) throw new ParseFailure('damaged', { format: 'doc' });
  const view = viewOf(word);
  const flags = view.getUint16(0x0a, true);
  if ((flags & IS_ENCRYPTED) !== 0) throw new ParseFailure('encryption-unsupported', { format: 'doc' });
  if (view.getUint16(2, true) < WORD_97)
    return { ...emptyDocument('doc'), blocks: toBlocks(readOldText(word), () => 0) };
  const table = file.streams.get((flags & USES_SECOND_TABLE) === 0 ? '0Table' : '1Table');
  if (table === undefined) throw new ParseFailure('damaged', { format: 'doc' });
  const pieces = readPieces(table, view.getUint32(0x1a2, true), view.getUint32(0x1a6, true));
  const styles = readStyles(word, table, view.getUint32(0x102, true), view.getUint32(0x106, true));
  const styleAt = (offset: number): number =>
    styles.find(({ from, to }) => offset >= from && offset < to)?.style ?? 0;
  const body = view.getUint32(0x4c, true);
  const notes = view.getUint32(0x50, true);
  const blocks = toBlocks(readText(word, pieces, body), styleAt);
  const all = readText(word, pieces, body + notes).text.slice(body);
  const footnotes = all
    .split('\r')
    .map(clean)
    .filter((text) => text !== '')
    .map((text): Block => ({ kind: 'footnote', text }));
  const title = blocks.find(({ kind }) => kind === 'heading')?.text;
  return { ...emptyDocument('doc'), title, blocks: [...blocks, ...footnotes] };
}
