import type { Block } from '../parsed-document.ts';
import { buildTable, type CellDraft } from '../tables.ts';

/** A cell of a spreadsheet that shows something. */
export interface SheetCell {
  readonly row: number;
  readonly column: number;
  readonly rowSpan?: number | undefined;
  readonly columnSpan?: number | undefined;
  readonly text: string;
}

/** A sheet as it was read, in any format. */
export interface Sheet {
  readonly name: string;
  readonly cells: readonly SheetCell[];
}

interface Area {
  top: number;
  left: number;
  bottom: number;
  right: number;
  readonly cells: SheetCell[];
}

const lastRow = (cell: SheetCell): number => cell.row + (cell.rowSpan ?? 1) - 1;
const lastColumn = (cell: SheetCell): number => cell.column + (cell.columnSpan ?? 1) - 1;

/** Joins cells that touch to areas: an empty row or column between them makes two tables. */
function toAreas(cells: readonly SheetCell[]): Area[] {
  const parent = cells.map((_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  const at = new Map<string, number>();
  for (const [index, cell] of cells.entries()) {
    for (let row = cell.row; row <= lastRow(cell); row++) {
      for (let column = cell.column; column <= lastColumn(cell); column++) at.set(`${row},${column}`, index);
    }
  }
  for (const [key, index] of at) {
    const [row, column] = key.split(',').map(Number);
    for (const near of [`${row! + 1},${column!}`, `${row!},${column! + 1}`]) {
      const other = at.get(near);
      if (other !== undefined) parent[find(other)] = find(index);
    }
  }
  const areas = new Map<number, Area>();
  for (const [index, cell] of cells.entries()) {
    const root = find(index);
    const area = areas.get(root) ?? { top: cell.row, left: cell.column, bottom: 0, right: 0, cells: [] };
    area.top = Math.min(area.top, cell.row);
    area.left = Math.min(area.left, cell.column);
    area.bottom = Math.max(area.bottom, lastRow(cell));
    area.right = Math.max(area.right, lastColumn(cell));
    area.cells.push(cell);
    areas.set(root, area);
  }
  return joinOverlapping([...areas.values()]);
}

const overlap = (a: Area, b: Area): boolean =>
  a.top <= b.bottom && b.top <= a.bottom && a.left <= b.right && b.left <= a.right;

/** Areas whose rectangles cross are one table with holes. */
function joinOverlapping(areas: readonly Area[]): Area[] {
  const joined: Area[] = [];
  for (const area of areas.toSorted((a, b) => a.top - b.top || a.left - b.left)) {
    const other = joined.find((candidate) => overlap(candidate, area));
    if (other === undefined) {
      joined.push(area);
      continue;
    }
    other.top = Math.min(other.top, area.top);
    other.left = Math.min(other.left, area.left);
    other.bottom = Math.max(other.bottom, area.bottom);
    other.right = Math.max(other.right, area.right);
    other.cells.push(...area.cells);
  }
  return joined;
}

const isNumber = (text: string): boolean => /^[-+]?[\d\s.,:]+\s?%?$/u.test(text);

/** Whether the first row names the columns: it is text over at least one row. */
function hasHeader(area: Area): boolean {
  const first = area.cells.filter(({ row }) => row === area.top);
  return area.bottom > area.top && first.every(({ text }) => !isNumber(text));
}

function toTable(area: Area): Block {
  const header = hasHeader(area);
  const filled = new Set(area.cells.map(({ row, column }) => `${row},${column}`));
  const covered = new Set<string>();
  for (const cell of area.cells) {
    for (let row = cell.row; row <= lastRow(cell); row++) {
      for (let column = cell.column; column <= lastColumn(cell); column++) covered.add(`${row},${column}`);
    }
  }
  const drafts: CellDraft[] = area.cells.map((cell) => ({
    row: cell.row - area.top,
    column: cell.column - area.left,
    rowSpan: cell.rowSpan ?? 1,
    columnSpan: cell.columnSpan ?? 1,
    isHeader: header && cell.row === area.top,
    text: cell.text,
  }));
  const size = (area.bottom - area.top + 1) * (area.right - area.left + 1);
  // Empty cells keep the columns of a small gap readable; a sparse sheet would be mostly bars.
  if (size <= filled.size * 3) drafts.push(...emptyCells(area, covered));
  return buildTable(drafts);
}

function emptyCells(area: Area, covered: ReadonlySet<string>): CellDraft[] {
  const drafts: CellDraft[] = [];
  for (let row = area.top; row <= area.bottom; row++) {
    for (let column = area.left; column <= area.right; column++) {
      if (!covered.has(`${row},${column}`))
        drafts.push({ row: row - area.top, column: column - area.left, text: '' });
    }
  }
  return drafts;
}

/** The blocks of a sheet: its name as a heading, each area of cells as a table, a lone cell as text. */
export function sheetBlocks(sheet: Sheet): Block[] {
  const filled = sheet.cells.filter(({ text }) => text !== '');
  if (filled.length === 0) return [];
  const blocks = toAreas(filled).map((area): Block => {
    const [only] = area.cells;
    return area.cells.length === 1 && only !== undefined
      ? { kind: 'paragraph', text: only.text }
      : toTable(area);
  });
  return [{ kind: 'heading', level: 1, text: sheet.name }, ...blocks];
}
