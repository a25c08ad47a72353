import type { Box } from '../../parsed-document.ts';
import { segmentText, type Row } from '../lines.ts';
import { boundingBox } from '../matrix.ts';
import type { Ruling } from '../page-content.ts';
import type { PageWord } from '../words.ts';
import { connectedRulings, mergeRulings, rulingBox } from './ruling-grid.ts';
import { columnCuts, toChunks } from './stream-columns.ts';
import { structureTable } from './structure-table.ts';
import { cellText, isFigure, type PageTable } from './table-grid.ts';

const MIN_FILLED_SHARE = 0.35;
const MAX_AVERAGE_CELL = 400;

const overlaps = (a: Box, b: Box): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Whether a structure looks like a table and not like a form, a frame or columns of prose. */
function isCredible(table: PageTable): boolean {
  const { rows, columns, cells } = table;
  if (rows < 2 || columns < 2 || cells.length < 4) return false;
  const covered = cells.reduce((sum, { rowSpan, columnSpan }) => sum + rowSpan * columnSpan, 0);
  if (covered < MIN_FILLED_SHARE * rows * columns) return false;
  const length = cells.reduce((sum, cell) => sum + cellText(cell).length, 0) / cells.length;
  return length <= MAX_AVERAGE_CELL;
}

/** Tables whose cells are framed by lines. */
function ruledTables(words: readonly PageWord[], rulings: readonly Ruling[]): PageTable[] {
  const tables: PageTable[] = [];
  for (const group of connectedRulings(mergeRulings(rulings))) {
    const horizontal = group.filter(({ isHorizontal }) => isHorizontal).length;
    if (horizontal < 2 || group.length - horizontal < 2) continue;
    const box = rulingBox(group);
    if (box[2] - box[0] < 40 || box[3] - box[1] < 15) continue;
    const table = structureTable(words, rulings, box);
    if (isCredible(table)) tables.push(table);
  }
  return withoutNested(tables);
}

/** Of tables that overlap the larger one stays. */
function withoutNested(tables: readonly PageTable[]): PageTable[] {
  const area = ({ box }: PageTable): number => (box[2] - box[0]) * (box[3] - box[1]);
  const kept: PageTable[] = [];
  for (const table of tables.toSorted((a, b) => area(b) - area(a))) {
    if (!kept.some(({ box }) => overlaps(box, table.box))) kept.push(table);
  }
  return kept;
}

const figuresIn = (row: Row): number =>
  row.segments.filter((segment) => isFigure(segmentText(segment))).length;

/** Whether a row may be part of a table without lines: it has cells beside each other. */
function hasCells(row: Row): boolean {
  return row.segments.length >= 2;
}

/** A row may lie between rows of cells: a wrapped cell, a heading of a group, a unit over the columns. */
function maySitBetween(row: Row, previous: Row, next: Row | undefined): boolean {
  const height = row.box[3] - row.box[1];
  const isNear = row.box[1] - previous.box[3] < 1.6 * height;
  const isShort = row.box[2] - row.box[0] < 0.6 * (previous.box[2] - previous.box[0]);
  return next !== undefined && hasCells(next) && isNear && isShort && next.box[1] - row.box[3] < 1.6 * height;
}

/** Runs of rows that have cells beside each other. */
function candidateRuns(rows: readonly Row[]): Row[][] {
  const runs: Row[][] = [];
  let run: Row[] = [];
  for (const [index, row] of rows.entries()) {
    const previous = run.at(-1);
    const gap = previous === undefined ? 0 : row.box[1] - previous.box[3];
    const isFar = gap > 2.5 * (row.box[3] - row.box[1]);
    if (
      previous !== undefined &&
      (isFar || !(hasCells(row) || maySitBetween(row, previous, rows[index + 1])))
    ) {
      runs.push(run);
      run = [];
    }
    if (hasCells(row) || run.length > 0) run.push(row);
  }
  runs.push(run);
  return runs.filter((candidate) => candidate.filter(hasCells).length >= 2);
}

/** The share of a table's filled body cells that are figures. */
function figureShare(table: PageTable): number {
  const body = table.cells.filter(({ row, column }) => row > 0 && column > 0);
  return body.filter((cell) => isFigure(cellText(cell))).length / Math.max(1, body.length);
}

/** Whether rows of cells line up to columns and say figures or short entries, not prose set in columns. */
function isTabular(run: readonly Row[], table: PageTable): boolean {
  if (!isCredible(table)) return false;
  const cells = run.filter(hasCells);
  const figures = cells.filter((row) => figuresIn(row) > 0).length / cells.length;
  const lengths = table.cells.map((cell) => cellText(cell).length).toSorted((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  if (run.length < 3 && !(table.columns >= 3 && figures > 0.4)) return false;
  if (table.columns === 2) return figures >= 0.6 && median < 40 && figureShare(table) > 0.5;
  return median < 40 && (figures >= 0.3 || table.columns >= 3);
}

/** Tables that only white space forms. */
function plainTables(
  rows: readonly Row[],
  words: readonly PageWord[],
  rulings: readonly Ruling[],
): PageTable[] {
  const tables: PageTable[] = [];
  for (const run of candidateRuns(rows)) {
    if (columnCuts(toChunks(run)).length === 0) continue;
    const box = boundingBox(run.map(({ box }) => box));
    const table = structureTable(words, rulings, box);
    if (isTabular(run, table)) tables.push(table);
  }
  return tables;
}

const outside =
  (tables: readonly PageTable[]) =>
  (row: Row): boolean => {
    const y = (row.box[1] + row.box[3]) / 2;
    return !tables.some(({ box }) => y > box[1] && y < box[3] && row.box[0] < box[2] && row.box[2] > box[0]);
  };

/** The tables of a stretch of a page, from top to bottom. */
export function findTables(
  rows: readonly Row[],
  words: readonly PageWord[],
  rulings: readonly Ruling[],
): PageTable[] {
  const ruled = ruledTables(words, rulings);
  const rest = rows.filter(outside(ruled));
  const plain = plainTables(rest, words, rulings);
  return withoutNested([...ruled, ...plain]).toSorted((a, b) => a.box[1] - b.box[1]);
}
