import type { Block, Box, TableCell, Word } from './parsed-document.ts';

/** A cell on its way into a table. `words` count in the cell's own text. */
export interface CellDraft {
  readonly row: number;
  readonly column: number;
  readonly rowSpan?: number;
  readonly columnSpan?: number;
  readonly isHeader?: boolean;
  readonly text: string;
  readonly words?: readonly Word[];
}

/** What a table knows beside its cells. */
export interface TablePlace {
  readonly page?: number | undefined;
  readonly box?: Box | undefined;
  readonly continuedFromPage?: number | undefined;
}

/** Between two cells of a row in the text of a table. */
export const CELL_SEPARATOR = ' | ';
const ROW_SEPARATOR = '\n';

/** One line per row, cells parted by bars: readable as it stands, and every cell keeps its place. */
export function buildTable(drafts: readonly CellDraft[], place: TablePlace = {}): Block & { kind: 'table' } {
  const sorted = drafts.toSorted((a, b) => a.row - b.row || a.column - b.column);
  const cells: TableCell[] = [];
  const words: Word[] = [];
  let text = '';
  for (const [index, draft] of sorted.entries()) {
    const previous = sorted[index - 1];
    if (previous !== undefined) text += previous.row === draft.row ? CELL_SEPARATOR : ROW_SEPARATOR;
    const start = text.length;
    text += draft.text;
    cells.push({
      row: draft.row,
      column: draft.column,
      rowSpan: draft.rowSpan ?? 1,
      columnSpan: draft.columnSpan ?? 1,
      isHeader: draft.isHeader ?? false,
      start,
      end: text.length,
    });
    for (const word of draft.words ?? []) {
      words.push({ ...word, start: word.start + start, end: word.end + start });
    }
  }
  const rows = Math.max(0, ...cells.map((cell) => cell.row + cell.rowSpan));
  const columns = Math.max(0, ...cells.map((cell) => cell.column + cell.columnSpan));
  const { continuedFromPage, ...position } = place;
  return {
    kind: 'table',
    text,
    ...position,
    ...(words.length > 0 ? { words } : {}),
    table: { rows, columns, cells, ...(continuedFromPage === undefined ? {} : { continuedFromPage }) },
  };
}

/** A table of plain rows; the first `headerRows` are its header. Short rows stay short. */
export function tableOfRows(
  rows: readonly (readonly string[])[],
  headerRows: number,
): Block & { kind: 'table' } {
  return buildTable(
    rows.flatMap((row, rowIndex) =>
      row.map((text, column) => ({ row: rowIndex, column, text, isHeader: rowIndex < headerRows })),
    ),
  );
}
