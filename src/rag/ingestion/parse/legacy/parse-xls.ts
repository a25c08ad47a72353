import { BUILT_IN_FORMATS, formatCell, plainNumber } from '../office/number-format.ts';
import { sheetBlocks, type SheetCell } from '../office/sheet-blocks.ts';
import { ParseFailure } from '../parse-failure.ts';
import { emptyDocument, type ParsedDocument, type RemovedRange } from '../parsed-document.ts';
import { SegmentedReader } from './biff-strings.ts';
import type { CompoundFile } from './compound-file.ts';

/** The records that hold what a sheet shows (MS-XLS, 2.3). */
const RECORD = {
  formula: 0x0006,
  endOfFile: 0x000a,
  date1904: 0x0022,
  filePass: 0x002f,
  continue: 0x003c,
  codePage: 0x0042,
  boundSheet: 0x0085,
  multipleRk: 0x00bd,
  format: 0x00e0,
  mergeCells: 0x00e5,
  sharedStrings: 0x00fc,
  labelSst: 0x00fd,
  number: 0x0203,
  label: 0x0204,
  boolean: 0x0205,
  string: 0x0207,
  rk: 0x027e,
  numberFormat: 0x041e,
  begin: 0x0809,
} as const;
const BIFF8 = 0x0600;
const MAX_CELLS = 2_000_000;
const ERRORS: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
};

interface BiffRecord {
  readonly type: number;
  readonly at: number;
  readonly data: Uint8Array;
  /** Its data and that of the records that go on with it. */
  readonly segments: readonly Uint8Array[];
}

function* recordsOf(stream: Uint8Array): Generator<BiffRecord> {
  const view = viewOf(stream);
  for (let at = 0; at + 4 <= stream.length;) {
    const start = at;
    const type = view.getUint16(at, true);
    const data = stream.subarray(at + 4, at + 4 + view.getUint16(at + 2, true));
    at += 4 + data.length;
    const segments = [data];
    while (at + 4 <= stream.length && view.getUint16(at, true) === RECORD.continue) {
      const size = view.getUint16(at + 2, true);
      segments.push(stream.subarray(at + 4, at + 4 + size));
      at += 4 + size;
    }
    yield { type, at: start, data, segments };
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A number packed in thirty bits (MS-XLS, 2.5.217). */
function readRk(code: number): number {
  const isInteger = (code & 2) !== 0;
  const buffer = new DataView(new ArrayBuffer(8));
  buffer.setInt32(4, code & ~3, true);
  const value = isInteger ? code >> 2 : buffer.getFloat64(0, true);
  return (code & 1) === 0 ? value : value / 100;
}

/** What all sheets share. */
class Workbook {
  readonly sheets: { at: number; name: string; isHidden: boolean }[] = [];
  strings: string[] = [];
  readonly formats = new Map<number, string>();
  readonly styles: number[] = [];
  is1904 = false;
  isWide = true;
  codePage = 'windows-1252';

  text(data: Uint8Array, at: number, lengthBytes: 1 | 2): string {
    const view = viewOf(data);
    const length = lengthBytes === 1 ? view.getUint8(at) : view.getUint16(at, true);
    const start = at + lengthBytes;
    if (!this.isWide) return new TextDecoder(this.codePage).decode(data.subarray(start, start + length));
    const isWide = ((data[start] ?? 0) & 1) !== 0;
    const bytes = data.subarray(start + 1, start + 1 + length * (isWide ? 2 : 1));
    return new TextDecoder(isWide ? 'utf-16le' : 'latin1').decode(bytes);
  }

  number(value: number, style: number): string {
    const id = this.styles[style] ?? 0;
    const format = this.formats.get(id) ?? BUILT_IN_FORMATS[id] ?? '';
    return format === '' ? plainNumber(value) : formatCell(value, format, this.is1904);
  }
}

const GLOBALS: Readonly<{ [type: number]: (book: Workbook, record: BiffRecord) => void }> = {
  [RECORD.boundSheet]: (book, { data }) => {
    const isHidden = ((data[4] ?? 0) & 3) !== 0;
    book.sheets.push({ at: viewOf(data).getUint32(0, true), name: book.text(data, 6, 1), isHidden });
  },
  [RECORD.sharedStrings]: (book, { segments }) => {
    const reader = new SegmentedReader(segments);
    reader.skip(4);
    const count = Math.min(reader.uint32(), MAX_CELLS);
    for (let index = 0; index < count && !reader.isAtEnd; index++) book.strings.push(reader.string());
  },
  [RECORD.numberFormat]: (book, { data }) => {
    book.formats.set(viewOf(data).getUint16(0, true), book.text(data, 2, book.isWide ? 2 : 1));
  },
  [RECORD.format]: (book, { data }) => {
    book.styles.push(viewOf(data).getUint16(2, true));
  },
  [RECORD.date1904]: (book, { data }) => {
    book.is1904 = data[0] === 1;
  },
  [RECORD.codePage]: (book, { data }) => {
    const page = viewOf(data).getUint16(0, true);
    if (page >= 1250 && page <= 1258) book.codePage = `windows-${page}`;
  },
  [RECORD.filePass]: () => {
    throw new ParseFailure('encryption-unsupported', { format: 'xls' });
  },
};

/** A sheet being read. */
interface SheetDraft {
  readonly cells: SheetCell[];
  readonly merges: Map<string, { rowSpan: number; columnSpan: number }>;
  /** The formula whose text comes in the next record. */
  pending: { row: number; column: number } | undefined;
}

const placeOf = (data: Uint8Array): { row: number; column: number; style: number } => {
  const view = viewOf(data);
  return { row: view.getUint16(0, true), column: view.getUint16(2, true), style: view.getUint16(4, true) };
};

const NOT_A_NUMBER = 0xffff;

function readFormula(book: Workbook, draft: SheetDraft, data: Uint8Array): void {
  const { row, column, style } = placeOf(data);
  const view = viewOf(data);
  if (view.getUint16(12, true) !== NOT_A_NUMBER) {
    draft.cells.push({ row, column, text: book.number(view.getFloat64(6, true), style) });
    return;
  }
  const kind = view.getUint8(6);
  if (kind === 0) draft.pending = { row, column };
  else if (kind === 1) draft.cells.push({ row, column, text: view.getUint8(8) === 1 ? 'TRUE' : 'FALSE' });
  else if (kind === 2) draft.cells.push({ row, column, text: ERRORS[view.getUint8(8)] ?? '' });
}

const CELLS: Readonly<{ [type: number]: (book: Workbook, draft: SheetDraft, record: BiffRecord) => void }> = {
  [RECORD.labelSst]: (book, draft, { data }) => {
    const { row, column } = placeOf(data);
    draft.cells.push({ row, column, text: book.strings[viewOf(data).getUint32(6, true)] ?? '' });
  },
  [RECORD.label]: (book, draft, { data }) => {
    const { row, column } = placeOf(data);
    draft.cells.push({ row, column, text: book.text(data, 6, 2) });
  },
  [RECORD.number]: (book, draft, { data }) => {
    const { row, column, style } = placeOf(data);
    draft.cells.push({ row, column, text: book.number(viewOf(data).getFloat64(6, true), style) });
  },
  [RECORD.rk]: (book, draft, { data }) => {
    const { row, column, style } = placeOf(data);
    draft.cells.push({ row, column, text: book.number(readRk(viewOf(data).getInt32(6, true)), style) });
  },
  [RECORD.multipleRk]: (book, draft, { data }) => {
    const view = viewOf(data);
    const { row, column } = placeOf(data);
    for (let at = 4; at + 6 <= data.length - 2; at += 6) {
      const text = book.number(readRk(view.getInt32(at + 2, true)), view.getUint16(at, true));
      draft.cells.push({ row, column: column + (at - 4) / 6, text });
    }
  },
  [RECORD.boolean]: (_, draft, { data }) => {
    const { row, column } = placeOf(data);
    const value = data[6] ?? 0;
    draft.cells.push({
      row,
      column,
      text: data[7] === 1 ? (ERRORS[value] ?? '') : value === 1 ? 'TRUE' : 'FALSE',
    });
  },
  [RECORD.formula]: (book, draft, { data }) => readFormula(book, draft, data),
  [RECORD.string]: (book, draft, { data }) => {
    if (draft.pending !== undefined) draft.cells.push({ ...draft.pending, text: book.text(data, 0, 2) });
    draft.pending = undefined;
  },
  [RECORD.mergeCells]: (_, draft, { data }) => {
    const view = viewOf(data);
    for (let at = 2; at + 8 <= data.length; at += 8) {
      const [top, bottom, left, right] = [0, 2, 4, 6].map((step) => view.getUint16(at + step, true));
      draft.merges.set(`${top},${left}`, {
        rowSpan: Math.min(1000, bottom! - top! + 1),
        columnSpan: right! - left! + 1,
      });
    }
  },
};

/** The cells of the sheet that begins at a place of the stream. */
function readSheet(book: Workbook, stream: Uint8Array, at: number): SheetCell[] {
  const draft: SheetDraft = { cells: [], merges: new Map(), pending: undefined };
  let depth = 0;
  for (const record of recordsOf(stream.subarray(at))) {
    if (record.type === RECORD.begin) depth += 1;
    if (record.type === RECORD.endOfFile) depth -= 1;
    if (depth <= 0 || draft.cells.length > MAX_CELLS) break;
    // A chart inside of a sheet has cells of its own.
    if (depth === 1) CELLS[record.type]?.(book, draft, record);
  }
  return draft.cells.map((cell) => ({
    ...cell,
    text: cell.text.replace(/\s+/gu, ' ').trim(),
    ...draft.merges.get(`${cell.row},${cell.column}`),
  }));
}

/**
 * Reads a workbook of Excel 5 to 2003 (MS-XLS).
 * @throws {ParseFailure} `encrypted`, `damaged`.
 */
export function parseXls(file: CompoundFile): ParsedDocument {
  const stream = file.streams.get('Workbook') ?? file.streams.get('Book');
  if (stream === undefined) throw new ParseFailure('damaged', { format: 'xls' });
  const book = new Workbook();
  for (const record of recordsOf(stream)) {
    if (record.type === RECORD.begin) book.isWide = viewOf(record.data).getUint16(0, true) === BIFF8;
    if (record.type === RECORD.endOfFile) break;
    GLOBALS[record.type]?.(book, record);
  }
  const removed: RemovedRange[] = [];
  const blocks = book.sheets.flatMap(({ at, name, isHidden }) => {
    const read = at < stream.length ? sheetBlocks({ name, cells: readSheet(book, stream, at) }) : [];
    if (isHidden) removed.push(...read.map(({ text }) => ({ reason: 'hidden' as const, text })));
    return isHidden ? [] : read;
  });
  return { ...emptyDocument('xls'), blocks, removed };
}
