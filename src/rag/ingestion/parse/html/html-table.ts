import { collapse, descendants, textOf, type MarkupElement, type MarkupNode } from '../markup/markup-tree.ts';
import type { Block } from '../parsed-document.ts';
import { buildTable, type CellDraft } from '../tables.ts';

const MAX_SPAN = 1000;
/** A table most of whose text is in tables inside of it only places them. */
const MAX_NESTED_SHARE = 0.85;

/** Rows of this table and not of those inside of it. */
function rowsOf(table: MarkupElement): { row: MarkupElement; isHead: boolean }[] {
  const rows: { row: MarkupElement; isHead: boolean }[] = [];
  const visit = (parent: MarkupElement, isHead: boolean): void => {
    for (const child of parent.children) {
      if (typeof child === 'string') continue;
      if (child.name === 'tr') rows.push({ row: child, isHead });
      else if (['thead', 'tbody', 'tfoot'].includes(child.name)) visit(child, child.name === 'thead');
    }
  };
  visit(table, false);
  return rows;
}

const cellsOf = (row: MarkupElement): MarkupElement[] =>
  row.children.filter(
    (child): child is MarkupElement => typeof child !== 'string' && /^t[dh]$/.test(child.name),
  );

/**
 * Whether a table only places things on a page: one cell, or tables and headings inside of its cells. Such a
 * table is read as the text it holds.
 */
export function isLayoutTable(table: MarkupElement): boolean {
  if (table.attributes['role'] === 'presentation') return true;
  const rows = rowsOf(table);
  const widest = Math.max(0, ...rows.map(({ row }) => cellsOf(row).length));
  if (rows.length <= 1 && widest <= 1) return true;
  const hasHeader = descendants(table, 'th').length > 0;
  if (hasHeader) return false;
  const nested = descendants(table, 'table').reduce(
    (length, inner) => length + collapse(textOf(inner)).length,
    0,
  );
  const headings = ['h1', 'h2', 'h3'].some((name) => descendants(table, name).length > 0);
  return (headings && rows.length === 1) || nested > collapse(textOf(table)).length * MAX_NESTED_SHARE;
}

function spanOf(cell: MarkupElement, name: string): number {
  const span = Number.parseInt(cell.attributes[name] ?? '1', 10);
  return Number.isFinite(span) ? Math.min(Math.max(span, 1), MAX_SPAN) : 1;
}

/** Marks the places that a cell covers. */
function take(
  taken: Set<string>,
  cell: {
    readonly row: number;
    readonly column: number;
    readonly rowSpan: number;
    readonly columnSpan: number;
  },
): void {
  for (let row = cell.row; row < cell.row + cell.rowSpan; row++) {
    for (let column = cell.column; column < cell.column + cell.columnSpan; column++)
      taken.add(`${row},${column}`);
  }
}

/** A table of HTML with its spans laid out (HTML standard, 4.9.12), and its caption. */
export function readHtmlTable(
  table: MarkupElement,
  visibleText: (node: MarkupNode) => string,
): { caption: string; block: Block & { kind: 'table' } } {
  const drafts: CellDraft[] = [];
  const taken = new Set<string>();
  for (const [rowIndex, { row, isHead }] of rowsOf(table).entries()) {
    let column = 0;
    const cells = cellsOf(row);
    const isHeaderRow = isHead || cells.every((cell) => cell.name === 'th');
    for (const cell of cells) {
      while (taken.has(`${rowIndex},${column}`)) column += 1;
      const columnSpan = spanOf(cell, 'colspan');
      const rowSpan = spanOf(cell, 'rowspan');
      take(taken, { row: rowIndex, column, rowSpan, columnSpan });
      const isHeader = isHeaderRow || cell.name === 'th';
      drafts.push({
        row: rowIndex,
        column,
        rowSpan,
        columnSpan,
        isHeader,
        text: collapse(visibleText(cell)),
      });
      column += columnSpan;
    }
  }
  const caption = table.children.find((child) => typeof child !== 'string' && child.name === 'caption');
  return { caption: caption === undefined ? '' : collapse(visibleText(caption)), block: buildTable(drafts) };
}
