import { readFileSync } from 'node:fs';

/** A cell of a table as scoring needs it. Rows and columns count from 0; ends are the last ones covered. */
export interface ScoredCell {
  readonly row: number;
  readonly column: number;
  readonly lastRow: number;
  readonly lastColumn: number;
  readonly text: string;
}

/** One table of the truth: its regions on pages and all of its cells. */
export interface TrueTable {
  readonly regions: readonly {
    readonly page: number;
    readonly box: readonly [number, number, number, number];
  }[];
  readonly cells: readonly ScoredCell[];
}

/** Counts that add up over tables and documents. */
export interface RelationCount {
  readonly found: number;
  readonly expected: number;
  readonly correct: number;
}

const strip = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}%$€£+-]/gu, '');

/** Which cell covers each place of the grid. */
function toGrid(cells: readonly ScoredCell[]): Map<string, ScoredCell> {
  const grid = new Map<string, ScoredCell>();
  for (const cell of cells) {
    if (strip(cell.text) === '') continue;
    for (let row = cell.row; row <= cell.lastRow; row++) {
      for (let column = cell.column; column <= cell.lastColumn; column++) grid.set(`${row},${column}`, cell);
    }
  }
  return grid;
}

/** The next filled cell from a place on, to the right or down. */
function neighbour(
  grid: ReadonlyMap<string, ScoredCell>,
  from: { row: number; column: number },
  step: { row: number; column: number },
  limit: { rows: number; columns: number },
): ScoredCell | undefined {
  let row = from.row + step.row;
  let column = from.column + step.column;
  while (row <= limit.rows && column <= limit.columns) {
    const cell = grid.get(`${row},${column}`);
    if (cell !== undefined) return cell;
    row += step.row;
    column += step.column;
  }
  return undefined;
}

/**
 * The adjacency relations of a table: each filled cell with the nearest filled one to its right and below it.
 * @see Göbel, Hassan, Oro, Orsi: A methodology for evaluating algorithms for table understanding in PDF
 * documents, DocEng 2012.
 */
export function relationsOf(cells: readonly ScoredCell[]): string[] {
  const grid = toGrid(cells);
  const limit = {
    rows: Math.max(0, ...cells.map(({ lastRow }) => lastRow)),
    columns: Math.max(0, ...cells.map(({ lastColumn }) => lastColumn)),
  };
  const relations: string[] = [];
  for (const cell of new Set(grid.values())) {
    const right = new Set<ScoredCell>();
    for (let row = cell.row; row <= cell.lastRow; row++) {
      const next = neighbour(grid, { row, column: cell.lastColumn }, { row: 0, column: 1 }, limit);
      if (next !== undefined) right.add(next);
    }
    const below = new Set<ScoredCell>();
    for (let column = cell.column; column <= cell.lastColumn; column++) {
      const next = neighbour(grid, { row: cell.lastRow, column }, { row: 1, column: 0 }, limit);
      if (next !== undefined) below.add(next);
    }
    for (const next of right) relations.push(`${strip(cell.text)}→${strip(next.text)}`);
    for (const next of below) relations.push(`${strip(cell.text)}↓${strip(next.text)}`);
  }
  return relations;
}

/** Counts the relations of one document: all tables of it together, as a multiset. */
export function compareRelations(
  found: readonly (readonly ScoredCell[])[],
  expected: readonly (readonly ScoredCell[])[],
): RelationCount {
  const foundRelations = found.flatMap((cells) => relationsOf(cells));
  const expectedRelations = expected.flatMap((cells) => relationsOf(cells));
  const left = new Map<string, number>();
  for (const relation of expectedRelations) left.set(relation, (left.get(relation) ?? 0) + 1);
  let correct = 0;
  for (const relation of foundRelations) {
    const count = left.get(relation) ?? 0;
    if (count === 0) continue;
    left.set(relation, count - 1);
    correct += 1;
  }
  return { found: foundRelations.length, expected: expectedRelations.length, correct };
}

/** F1 of a count; 1 when nothing was expected and nothing found. */
export function f1({ found, expected, correct }: RelationCount): number {
  if (found + expected === 0) return 1;
  return (2 * correct) / (found + expected);
}

const attribute = (tag: string, name: string): number | undefined => {
  const value = new RegExp(`\\b${name}=["']([-\\d.]+)["']`, 'u').exec(tag)?.[1];
  return value === undefined ? undefined : Number(value);
};

const decode = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');

/** Reads the truth of the ICDAR 2013 table competition (`*-str.xml`); boxes in points from the bottom left. */
export function readIcdarTruth(file: string): TrueTable[] {
  const xml = readFileSync(file, 'utf8');
  return [...xml.matchAll(/<table\b[\s\S]*?<\/table>/gu)].map(([table]) => {
    const regions: TrueTable['regions'][number][] = [];
    const cells: ScoredCell[] = [];
    for (const [region] of table.matchAll(/<region\b[\s\S]*?<\/region>/gu)) {
      const head = /^<region[^>]*>/u.exec(region)![0];
      const rowShift = attribute(head, 'row-increment') ?? 0;
      const columnShift = attribute(head, 'col-increment') ?? 0;
      const boxes: [number, number, number, number][] = [];
      for (const [cell] of region.matchAll(/<cell\b[\s\S]*?<\/cell>/gu)) {
        const tag = /^<cell[^>]*>/u.exec(cell)![0];
        const box = /<bounding-box[^>]*>/u.exec(cell)?.[0] ?? '';
        const row = (attribute(tag, 'start-row') ?? 0) + rowShift;
        const column = (attribute(tag, 'start-col') ?? 0) + columnShift;
        cells.push({
          row,
          column,
          lastRow: (attribute(tag, 'end-row') ?? row - rowShift) + rowShift,
          lastColumn: (attribute(tag, 'end-col') ?? column - columnShift) + columnShift,
          text: decode(/<content>([\s\S]*?)<\/content>/u.exec(cell)?.[1] ?? ''),
        });
        const sides = ['x1', 'y1', 'x2', 'y2'].map((name) => attribute(box, name) ?? Number.NaN);
        const [x1, y1, x2, y2] = sides;
        if (sides.every(Number.isFinite)) boxes.push([x1!, y1!, x2!, y2!]);
      }
      if (boxes.length === 0) continue;
      regions.push({
        page: attribute(head, 'page') ?? 1,
        box: [
          Math.min(...boxes.map((box) => box[0])),
          Math.min(...boxes.map((box) => box[1])),
          Math.max(...boxes.map((box) => box[2])),
          Math.max(...boxes.map((box) => box[3])),
        ],
      });
    }
    return { regions, cells };
  });
}
