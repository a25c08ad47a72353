import { SaxesParser } from 'saxes';
import { ParseFailure } from '../parse-failure.ts';
import type { SheetCell } from './sheet-blocks.ts';
import { formatCell, plainNumber } from './number-format.ts';

/** What the cells of all sheets share. */
export interface SheetContext {
  readonly strings: readonly string[];
  /** Number formats by the style index of a cell. */
  readonly formats: readonly string[];
  readonly is1904: boolean;
}

const MAX_CELLS = 2_000_000;

/** `BC12` as row and column from 0. */
export function cellPlace(reference: string): { row: number; column: number } | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/iu.exec(reference);
  if (match === null) return undefined;
  const column =
    match[1]!
      .toUpperCase()
      .split('')
      .reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(match[2]) - 1, column };
}

interface OpenCell {
  readonly reference: string | undefined;
  readonly type: string;
  readonly style: number;
  value: string;
  inline: string;
}

/** A number in the format of its cell. */
function shownNumber({ value, style }: OpenCell, { formats, is1904 }: SheetContext): string {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) return value;
  const format = formats[style] ?? '';
  return format === '' ? plainNumber(number) : formatCell(number, format, is1904);
}

function shownText(cell: OpenCell, context: SheetContext): string {
  switch (cell.type) {
    case 's':
      return context.strings[Number(cell.value)] ?? '';
    case 'inlineStr':
      return cell.inline;
    case 'b':
      return cell.value === '1' ? 'TRUE' : 'FALSE';
    case 'str':
    case 'e':
    case 'd':
      return cell.value;
    default:
      return shownNumber(cell, context);
  }
}

/** Reads one sheet as it streams by: sheets are the largest parts, and a tree of one would not fit. */
class SheetReader {
  readonly cells: SheetCell[] = [];
  readonly merges: string[] = [];
  readonly #context: SheetContext;
  #row = -1;
  #column = -1;
  #cell: OpenCell | undefined;
  #collect: 'value' | 'inline' | undefined;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.#row = attributes['r'] === undefined ? this.#row + 1 : Number(attributes['r']) - 1;
      this.#column = -1;
    } else if (name === 'c') this.#openCell(attributes);
    else if (name === 'v') this.#collect = 'value';
    else if (name === 't' && this.#cell?.type === 'inlineStr') this.#collect = 'inline';
    else if (name === 'mergeCell') this.merges.push(attributes['ref'] ?? '');
  }

  text(text: string): void {
    if (this.#cell === undefined || this.#collect === undefined) return;
    this.#cell[this.#collect] += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#collect = undefined;
    if (name !== 'c' || this.#cell === undefined) return;
    const text = shownText(this.#cell, this.#context).replace(/\s+/gu, ' ').trim();
    const place = this.#cell.reference === undefined ? undefined : cellPlace(this.#cell.reference);
    const { row, column } = place ?? { row: this.#row, column: this.#column + 1 };
    this.#column = column;
    this.#cell = undefined;
    if (text === '') return;
    this.cells.push({ row, column, text });
    if (this.cells.length > MAX_CELLS) throw new ParseFailure('too-large', { cells: MAX_CELLS });
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    this.#cell = {
      reference: attributes['r'],
      type: attributes['t'] ?? 'n',
      style: Number(attributes['s'] ?? 0),
      value: '',
      inline: '',
    };
  }
}

/** Cells that were merged cover the whole of their range. */
function applyMerges(cells: readonly SheetCell[], merges: readonly string[]): SheetCell[] {
  const spans = new Map<string, { rowSpan: number; columnSpan: number }>();
  for (const reference of merges) {
    const [from, to] = reference.split(':').map(cellPlace);
    if (from === undefined || to === undefined) continue;
    const rowSpan = Math.min(1000, to.row - from.row + 1);
    const columnSpan = Math.min(1000, to.column - from.column + 1);
    spans.set(`${from.row},${from.column}`, { rowSpan, columnSpan });
  }
  return cells.map((cell) => ({ ...cell, ...spans.get(`${cell.row},${cell.column}`) }));
}

/** The cells of a sheet's XML. @throws {ParseFailure} `damaged`, `too-large`, `external-entity`. */
export function readSheet(xml: string, context: SheetContext): SheetCell[] {
  const reader = new SheetReader(context);
  const parser = new SaxesParser();
  const local = (name: string): string => name.slice(name.indexOf(':') + 1);
  parser.on('doctype', () => {
    throw new ParseFailure('external-entity');
  });
  parser.on('error', (error) => {
    throw new ParseFailure('damaged', { part: 'sheet', message: error.message.slice(0, 200) });
  });
  parser.on('opentag', (tag) => reader.open(local(tag.name), tag.attributes));
  parser.on('closetag', (tag) => reader.close(local(tag.name)));
  parser.on('text', (text) => reader.text(text));
  parser.write(xml.replace(/^\uFEFF/u, '')).close();
  return applyMerges(reader.cells, reader.merges);
}
