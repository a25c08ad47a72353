import type { Box } from '../../parsed-document.ts';
import type { Ruling } from '../page-content.ts';
import type { PageWord } from '../words.ts';
import { gather, isSeparated } from './ruling-grid.ts';
import type { GridCell } from './table-grid.ts';

/** The lines of a table as places on both axes. */
export interface Lattice {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly rulings: readonly Ruling[];
}

/** The places of the lines inside of a box, its own edges included. */
export function toLattice(rulings: readonly Ruling[], box: Box): Lattice {
  const vertical = rulings.filter(({ isHorizontal }) => !isHorizontal).map(({ at }) => at);
  const horizontal = rulings.filter(({ isHorizontal }) => isHorizontal).map(({ at }) => at);
  return {
    xs: gather([box[0], ...vertical, box[2]]),
    ys: gather([box[1], ...horizontal, box[3]]),
    rulings,
  };
}

/** The index of the interval that holds a value; the nearest one for a value outside. */
function intervalOf(places: readonly number[], value: number): number {
  let index = 0;
  while (index < places.length - 2 && value >= places[index + 1]!) index += 1;
  return index;
}

interface Slot {
  readonly row: number;
  readonly column: number;
}

/** Joins slots that no line parts; every slot names the first one of its cell. */
function joinSlots(lattice: Lattice): Map<string, string> {
  const { xs, ys, rulings } = lattice;
  const owner = new Map<string, string>();
  const find = (key: string): string => {
    const next = owner.get(key);
    return next === undefined || next === key ? key : find(next);
  };
  const union = (a: Slot, b: Slot): void => {
    owner.set(find(`${b.row},${b.column}`), find(`${a.row},${a.column}`));
  };
  for (let row = 0; row < ys.length - 1; row++) {
    for (let column = 0; column < xs.length - 1; column++) {
      const right = { isHorizontal: false, at: xs[column + 1]!, from: ys[row]!, to: ys[row + 1]! };
      if (column < xs.length - 2 && !isSeparated(rulings, right))
        union({ row, column }, { row, column: column + 1 });
      const below = { isHorizontal: true, at: ys[row + 1]!, from: xs[column]!, to: xs[column + 1]! };
      if (row < ys.length - 2 && !isSeparated(rulings, below))
        union({ row, column }, { row: row + 1, column });
    }
  }
  for (const key of owner.keys()) owner.set(key, find(key));
  return owner;
}

/** The cells that lines frame, with the words whose middle is inside. */
export function readLattice(lattice: Lattice, words: readonly PageWord[]): GridCell[] {
  const owner = joinSlots(lattice);
  const cells = new Map<string, { slots: Slot[]; words: PageWord[] }>();
  for (let row = 0; row < lattice.ys.length - 1; row++) {
    for (let column = 0; column < lattice.xs.length - 1; column++) {
      const key = owner.get(`${row},${column}`) ?? `${row},${column}`;
      const cell = cells.get(key) ?? { slots: [], words: [] };
      cell.slots.push({ row, column });
      cells.set(key, cell);
    }
  }
  for (const word of words) {
    const row = intervalOf(lattice.ys, (word.box[1] + word.box[3]) / 2);
    const column = intervalOf(lattice.xs, (word.box[0] + word.box[2]) / 2);
    const key = owner.get(`${row},${column}`) ?? `${row},${column}`;
    cells.get(key)?.words.push(word);
  }
  return [...cells.values()].map(({ slots, words }) => {
    const rows = slots.map(({ row }) => row);
    const columns = slots.map(({ column }) => column);
    const row = Math.min(...rows);
    const column = Math.min(...columns);
    return {
      row,
      column,
      rowSpan: Math.max(...rows) - row + 1,
      columnSpan: Math.max(...columns) - column + 1,
      words,
    };
  });
}
