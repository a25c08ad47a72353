import type { Box } from '../../parsed-document.ts';
import { joinHeads } from './join-heads.ts';
import { toRows } from '../lines.ts';
import type { Ruling } from '../page-content.ts';
import type { PageWord } from '../words.ts';
import { readLattice, toLattice, type Lattice } from './lattice-table.ts';
import { mergeRulings } from './ruling-grid.ts';
import { columnCuts, toChunks } from './stream-columns.ts';
import { readStream } from './stream-table.ts';
import { compactGrid, type PageTable } from './table-grid.ts';

const MARGIN = 3;
/** A line of the table reaches over at least this share of it to part whole rows or columns. */
const MIN_REACH = 0.4;

function isInside(box: Box, word: PageWord): boolean {
  const x = (word.box[0] + word.box[2]) / 2;
  const y = (word.box[1] + word.box[3]) / 2;
  return x >= box[0] - MARGIN && x <= box[2] + MARGIN && y >= box[1] - MARGIN && y <= box[3] + MARGIN;
}

/** The lines inside of a box, cut to it. */
export function rulingsIn(rulings: readonly Ruling[], box: Box): Ruling[] {
  return rulings.flatMap((ruling) => {
    const [low, high, from, to] = ruling.isHorizontal
      ? [box[1], box[3], box[0], box[2]]
      : [box[0], box[2], box[1], box[3]];
    const cut = {
      ...ruling,
      from: Math.max(ruling.from, from - MARGIN),
      to: Math.min(ruling.to, to + MARGIN),
    };
    return ruling.at >= low - MARGIN && ruling.at <= high + MARGIN && cut.to - cut.from > 2 ? [cut] : [];
  });
}

const isLong = (ruling: Ruling, box: Box): boolean =>
  ruling.to - ruling.from >= MIN_REACH * (ruling.isHorizontal ? box[2] - box[0] : box[3] - box[1]);

/** Lines strictly inside that reach over most of the table. */
function inner(rulings: readonly Ruling[], box: Box, isHorizontal: boolean): Ruling[] {
  return rulings.filter((ruling) => {
    const [low, high] = ruling.isHorizontal ? [box[1], box[3]] : [box[0], box[2]];
    const isAtEdge = ruling.at - low < 2 * MARGIN || high - ruling.at < 2 * MARGIN;
    return ruling.isHorizontal === isHorizontal && !isAtEdge && isLong(ruling, box);
  });
}

/** Whether lines part the table on both axes so that words stay whole and no cell holds a whole table. */
function isFramed(lattice: Lattice, words: readonly PageWord[], box: Box): boolean {
  if (lattice.xs.length < 3 || lattice.ys.length < 3) return false;
  const upright = inner(lattice.rulings, box, false);
  const crossing = words.filter((word) =>
    upright.some(
      (ruling) =>
        ruling.at > word.box[0] + 2 &&
        ruling.at < word.box[2] - 2 &&
        ruling.from <= word.box[1] &&
        ruling.to >= word.box[3],
    ),
  );
  return crossing.length <= 0.05 * words.length;
}

/**
 * Reads the structure of a table whose place is known: by its lines where they frame the cells, by white space
 * where they do not.
 */
export function structureTable(words: readonly PageWord[], rulings: readonly Ruling[], box: Box): PageTable {
  const own = words.filter((word) => isInside(box, word) && word.angle % 180 === 0);
  const lines = mergeRulings(rulingsIn(rulings, box));
  const lattice = toLattice(lines, box);
  const hasColumns = inner(lines, box, false).length > 0;
  const hasRows = inner(lines, box, true).length > 0;
  const rows = toRows(own);
  if (hasColumns && hasRows && isFramed(lattice, own, box)) {
    const grid = compactGrid(readLattice(lattice, own));
    if (grid.rows >= 2 && grid.columns >= 2 && grid.rows * 2.5 >= rows.length)
      return { box, isRuled: true, ...grid };
  }
  const cuts = columnCuts(toChunks(rows));
  return { box, isRuled: false, ...joinHeads(compactGrid(readStream(rows, cuts))) };
}
