import type { Box } from '../../parsed-document.ts';
import type { PageWord } from '../words.ts';

/** A cell of a table on a page, with its words in reading order. */
export interface GridCell {
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly words: readonly PageWord[];
}

/** A table on a page. Empty cells are left out. */
export interface PageTable {
  readonly box: Box;
  readonly cells: readonly GridCell[];
  readonly rows: number;
  readonly columns: number;
  /** Whether lines of the page frame its cells. */
  readonly isRuled: boolean;
}

/** The text of a cell, words parted by spaces. */
export function cellText(cell: GridCell): string {
  return cell.words.map(({ text }) => text).join(' ');
}

/** Whether a text is a figure: digits with signs, units and marks of currency around. */
export function isFigure(text: string): boolean {
  return (
    /\d/u.test(text) &&
    /^[\s\d.,:;()+\-–—−%‰€$£¥°/*<>~≤≥±]*(?:Kč|CZK|EUR|USD|[a-z]{1,2})?[\s*)]*$/iu.test(text)
  );
}

/** Words of a cell in reading order: lines from the top, each from the left. */
export function inReadingOrder(words: readonly PageWord[]): PageWord[] {
  const sorted = words.toSorted((a, b) => a.baseline - b.baseline);
  const lines: PageWord[][] = [];
  for (const word of sorted) {
    const last = lines.at(-1);
    if (last !== undefined && word.baseline - last[0]!.baseline < 0.5 * word.size) last.push(word);
    else lines.push([word]);
  }
  return lines.flatMap((line) => line.toSorted((a, b) => a.box[0] - b.box[0]));
}

/** Drops rows and columns without any word and numbers the others anew. */
export function compactGrid(cells: readonly GridCell[]): {
  cells: GridCell[];
  rows: number;
  columns: number;
} {
  const filled = cells.filter(({ words }) => words.length > 0);
  const rowsUsed = [...new Set(filled.map(({ row }) => row))].toSorted((a, b) => a - b);
  const columnsUsed = [...new Set(filled.map(({ column }) => column))].toSorted((a, b) => a - b);
  const spanOf = (used: readonly number[], from: number, span: number): number =>
    Math.max(1, used.filter((index) => index >= from && index < from + span).length);
  return {
    cells: filled.map((cell) => ({
      row: rowsUsed.indexOf(cell.row),
      column: columnsUsed.indexOf(cell.column),
      rowSpan: spanOf(rowsUsed, cell.row, cell.rowSpan),
      columnSpan: spanOf(columnsUsed, cell.column, cell.columnSpan),
      words: inReadingOrder(cell.words),
    })),
    rows: rowsUsed.length,
    columns: columnsUsed.length,
  };
}
