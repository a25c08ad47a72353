import type { Span } from '#core/index.ts';

/** A row of a table in a chunk's text: one line, cells parted by bars. */
export interface TableRow {
  /** The first cell that is not a number: what the row is about. */
  readonly label: string;
  /** The table's first row, for reading cells as `header: value`; undefined when this is it or there is none. */
  readonly headers: readonly string[] | undefined;
  /** Where the first row stands in the chunk, to be shown above the row. */
  readonly headerSpan: Span | undefined;
  readonly cells: readonly string[];
  readonly isHeader: boolean;
}

const BAR = /(?:^|\s)\|(?:\s|$)|\t/u;

function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\|/u, '').replace(/\|$/u, '');
  return inner.split(/\s*\|\s*|\t/u).map((cell) => cell.trim());
}

const isRule = (cells: readonly string[]): boolean => cells.every((cell) => /^:?-{2,}:?$/u.test(cell));
const isValue = (cell: string): boolean => /\d/u.test(cell) && !/\p{L}{4,}/u.test(cell);

/** The table rows among the sentences of a text, by where they begin. A line between two bars is never prose. */
export function findTableRows(text: string, sentences: readonly Span[]): Map<number, TableRow> {
  const rows = new Map<number, TableRow>();
  let headers: readonly string[] | undefined;
  let headerSpan: Span | undefined;
  let previousEnd = -1;
  for (const { start, end } of sentences) {
    const line = text.slice(start, end);
    if (!BAR.test(line)) {
      headers = undefined;
      headerSpan = undefined;
      continue;
    }
    // An empty line, as between two tables, begins a new one.
    if (headers !== undefined && /\n\s*\n/u.test(text.slice(previousEnd, start))) {
      headers = undefined;
      headerSpan = undefined;
    }
    previousEnd = end;
    const cells = cellsOf(line);
    const isHeader = headers === undefined ? !cells.some(isValue) : isRule(cells);
    const label = cells.find((cell) => cell !== '' && !isValue(cell)) ?? cells[0] ?? '';
    rows.set(start, { label, headers, headerSpan, cells, isHeader });
    headers ??= cells;
    headerSpan ??= { start, end };
  }
  return rows;
}
