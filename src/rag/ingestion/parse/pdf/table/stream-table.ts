import type { Row } from '../lines.ts';
import type { PageWord } from '../words.ts';
import { toChunks, type Chunk } from './stream-columns.ts';
import type { GridCell } from './table-grid.ts';
import { isFigure } from './table-grid.ts';

/** A line of a table with its words dealt to columns; a cell over several columns spans them. */
export interface StreamLine {
  readonly top: number;
  readonly bottom: number;
  readonly cells: ReadonlyMap<number, { readonly span: number; readonly words: readonly PageWord[] }>;
}

/** A chunk reaches into a column when this much of it is there, in points. */
const MIN_REACH = 4;
/** Lines of text are never set closer than this share of their height; closer ones are of different cells. */
const INTERLEAVED = 0.65;

function columnsOf(chunk: Chunk, cuts: readonly number[]): { column: number; span: number } {
  const edges = [Number.NEGATIVE_INFINITY, ...cuts, Number.POSITIVE_INFINITY];
  const touched: number[] = [];
  for (let column = 0; column < edges.length - 1; column++) {
    const shared = Math.min(chunk.box[2], edges[column + 1]!) - Math.max(chunk.box[0], edges[column]!);
    const width = chunk.box[2] - chunk.box[0];
    if (shared > Math.min(MIN_REACH, width / 2)) touched.push(column);
  }
  const column = touched[0] ?? 0;
  return { column, span: (touched.at(-1) ?? column) - column + 1 };
}

/** Deals the words of a line to columns. Chunks that meet in one column are one cell. */
export function dealLine(chunks: readonly Chunk[], cuts: readonly number[]): StreamLine {
  const cells = new Map<number, { span: number; words: PageWord[] }>();
  for (const chunk of chunks) {
    const { column, span } = columnsOf(chunk, cuts);
    const cell = cells.get(column);
    if (cell === undefined) cells.set(column, { span, words: [...chunk.words] });
    else {
      cell.words.push(...chunk.words);
      cell.span = Math.max(cell.span, span);
    }
  }
  const boxes = chunks.map(({ box }) => box);
  return {
    top: Math.min(...boxes.map((box) => box[1])),
    bottom: Math.max(...boxes.map((box) => box[3])),
    cells,
  };
}

const textOf = (words: readonly PageWord[]): string => words.map(({ text }) => text).join(' ');

/** The usual distance from one line of the table to the next. */
function usualPitch(lines: readonly StreamLine[]): number {
  const pitches = lines.slice(1).map((line, index) => line.top - lines[index]!.top);
  return pitches.toSorted((a, b) => a - b)[Math.floor(pitches.length / 2)] ?? 0;
}

/**
 * Whether a line goes on with the row above: it fills fewer columns, none of its own, holds no figures, and
 * stands close. The first column names a row, so a line that fills it begins one, unless it only ends a name.
 */
function continuesRow(line: StreamLine, row: StreamLine, pitch: number): boolean {
  if (line.top - row.bottom > 0.6 * (line.bottom - line.top) || line.top - row.top > 1.6 * pitch + 20)
    return false;
  const columns = [...line.cells.keys()];
  if (columns.length >= row.cells.size || !columns.every((column) => row.cells.has(column))) return false;
  const texts = columns.map((column) => textOf(line.cells.get(column)!.words));
  if (texts.some((text) => isFigure(text))) return false;
  return !line.cells.has(0) || /^[\p{Ll}(&]/u.test(textOf(line.cells.get(0)!.words));
}

function joinLines(row: StreamLine, line: StreamLine): StreamLine {
  const cells = new Map(row.cells);
  for (const [column, cell] of line.cells) {
    const above = cells.get(column);
    const words = [...(above?.words ?? []), ...cell.words];
    cells.set(column, { span: Math.max(above?.span ?? 1, cell.span), words });
  }
  return { top: row.top, bottom: line.bottom, cells };
}

/**
 * Joins lines that lie between each other: cells of one row that are set to its middle have lines at heights of
 * their own.
 */
function joinInterleaved(lines: readonly StreamLine[]): StreamLine[] {
  const joined: StreamLine[] = [];
  let lastTop = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const last = joined.at(-1);
    const isBetween = line.top - lastTop < INTERLEAVED * (line.bottom - line.top);
    if (last !== undefined && isBetween) joined[joined.length - 1] = joinLines(last, line);
    else joined.push(line);
    lastTop = line.top;
  }
  return joined;
}

/** Joins wrapped lines to the rows they belong to. */
function joinWrapped(all: readonly StreamLine[]): StreamLine[] {
  const lines = joinInterleaved(all);
  const pitch = usualPitch(lines);
  const rows: StreamLine[] = [];
  for (const line of lines) {
    const last = rows.at(-1);
    if (last !== undefined && continuesRow(line, last, pitch)) rows[rows.length - 1] = joinLines(last, line);
    else rows.push(line);
  }
  return rows;
}

/** The cells of a table without lines: columns by `cuts`, rows by lines of text. */
export function readStream(rows: readonly Row[], cuts: readonly number[]): GridCell[] {
  const lines = toChunks(rows).map((chunks) => dealLine(chunks, cuts));
  return joinWrapped(lines).flatMap((line, row) =>
    [...line.cells].map(([column, { span, words }]) => ({
      row,
      column,
      rowSpan: 1,
      columnSpan: span,
      words,
    })),
  );
}
