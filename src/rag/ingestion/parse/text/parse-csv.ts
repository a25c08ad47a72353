import { emptyDocument, type ParsedDocument } from '../parsed-document.ts';
import { tableOfRows } from '../tables.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_ROWS = 50;

/** Splits delimited text into rows (RFC 4180; quotes that never close end with the text). */
function splitRows(source: string, delimiter: string, maxRows = Number.POSITIVE_INFINITY): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < source.length && rows.length < maxRows) {
    const { cell, end } = readCell(source, at, delimiter);
    row.push(cell);
    at = end + 1;
    if (source[end] === delimiter && end < source.length) continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push([...row, '']);
  return rows.filter((cells) => cells.some((cell) => cell !== ''));
}

/** One cell from `at` on, and where the delimiter or line break behind it stands. */
function readCell(source: string, at: number, delimiter: string): { cell: string; end: number } {
  if (source[at] !== '"') {
    let end = at;
    while (end < source.length && source[end] !== delimiter && source[end] !== '\n') end += 1;
    return { cell: source.slice(at, end).trim(), end };
  }
  let close = source.indexOf('"', at + 1);
  while (close >= 0 && source[close + 1] === '"') close = source.indexOf('"', close + 2);
  if (close < 0) close = source.length;
  const quoted = source.slice(at + 1, close).replaceAll('""', '"');
  let end = close + 1;
  while (end < source.length && source[end] !== delimiter && source[end] !== '\n') end += 1;
  return { cell: (quoted + source.slice(close + 1, end)).replace(/\s+/gu, ' ').trim(), end };
}

/** How well a delimiter fits: the share of rows with the usual width, times that width, when it parts anything. */
function fit(source: string, delimiter: string): number {
  const widths = splitRows(source, delimiter, SAMPLE_ROWS).map((row) => row.length);
  const usual = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1;
  if (usual < 2) return 0;
  const share = widths.filter((width) => width === usual).length / widths.length;
  return share + Math.min(usual, 50) / 1000;
}

/** The delimiter that parts the text most evenly; undefined when it is no table. */
export function delimiterOf(source: string): string | undefined {
  const named = /^sep=(.)\n/iu.exec(source)?.[1];
  if (named !== undefined) return named;
  const [best] = DELIMITERS.map((delimiter) => ({ delimiter, score: fit(source, delimiter) })).toSorted(
    (a, b) => b.score - a.score,
  );
  return best !== undefined && best.score > 0 ? best.delimiter : undefined;
}

const isNumber = (cell: string): boolean => /^[-+]?[\d\s.,]+%?$/u.test(cell);

/** Reads comma-separated values and their kin as one table; the first row is its header unless it is numbers. */
export function parseCsv(source: string): ParsedDocument {
  const text = source.replace(/^\uFEFF/u, '').replace(/\r\n?/gu, '\n');
  const delimiter = delimiterOf(text) ?? ',';
  const rows = splitRows(text.replace(/^sep=.\n/iu, ''), delimiter);
  const hasHeader = rows.length > 1 && !rows[0]!.every(isNumber);
  const blocks = rows.length === 0 ? [] : [tableOfRows(rows, hasHeader ? 1 : 0)];
  return { ...emptyDocument('csv'), metadata: { delimiter }, blocks };
}
