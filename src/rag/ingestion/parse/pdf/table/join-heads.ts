import type { GridCell } from './table-grid.ts';

const MAX_HEAD_ROWS = 2;
const MIN_BODY_ROWS = 2;

/** Rows in which a cell begins in this column; those of cells that reach into it from the left with them. */
function rowsIn(cells: readonly GridCell[], column: number): Set<number> {
  const own = cells.filter((cell) => cell.column <= column && cell.column + cell.columnSpan > column);
  return new Set(own.map(({ row }) => row));
}

/** Whether one of two neighbouring columns has only heads, and the other only what they head. */
function belongTogether(cells: readonly GridCell[], column: number, heads: number): boolean {
  const [left, right] = [rowsIn(cells, column), rowsIn(cells, column + 1)];
  const isHead = (rows: ReadonlySet<number>) => [...rows].every((row) => row < heads);
  const isBody = (rows: ReadonlySet<number>) =>
    rows.size >= MIN_BODY_ROWS && [...rows].every((row) => row >= heads);
  if (left.size === 0 || right.size === 0) return false;
  return (isHead(left) && isBody(right)) || (isBody(left) && isHead(right));
}

function withoutColumn(cells: readonly GridCell[], gone: number): GridCell[] {
  return cells.map((cell) => {
    if (cell.column >= gone) return { ...cell, column: cell.column - 1 };
    const isOver = cell.column + cell.columnSpan > gone && cell.columnSpan > 1;
    return isOver ? { ...cell, columnSpan: cell.columnSpan - 1 } : cell;
  });
}

/**
 * Puts heads that stand in the middle over short entries at the left, or the other way round, into one column with
 * them: white space alone makes two columns of these, one with heads only and one without.
 */
export function joinHeads<Grid extends { readonly cells: readonly GridCell[]; readonly columns: number }>(
  grid: Grid,
): Grid {
  let { columns } = grid;
  let cells = grid.cells;
  for (let column = 0; column + 1 < columns;) {
    const isPair = Array.from({ length: MAX_HEAD_ROWS }, (_, heads) => heads + 1).some((heads) =>
      belongTogether(cells, column, heads),
    );
    if (isPair) {
      cells = withoutColumn(cells, column + 1);
      columns -= 1;
    } else column += 1;
  }
  return { ...grid, cells, columns };
}
