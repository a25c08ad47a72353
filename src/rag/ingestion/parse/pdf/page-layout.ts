import type { Box } from '../parsed-document.ts';
import { segmentText, toRow, type Row } from './lines.ts';
import type { PageContent } from './page-content.ts';
import { toParagraphs, type Paragraph } from './paragraphs.ts';
import { toRegions, type Region } from './regions.ts';
import { findTables } from './table/find-tables.ts';
import type { PageTable } from './table/table-grid.ts';

/** A part of a page in reading order. */
export type LayoutItem =
  | { readonly kind: 'paragraph'; readonly paragraph: Paragraph }
  | { readonly kind: 'table'; readonly table: PageTable; readonly page: number };

/** How far the frame of a table may stand from the text in it, in points. */
const MAX_CELL_MARGIN = 40;

const middleOf = (box: Box): number => (box[1] + box[3]) / 2;

function isInTable(box: Box, tables: readonly PageTable[]): boolean {
  const x = (box[0] + box[2]) / 2;
  const y = middleOf(box);
  return tables.some(
    (table) =>
      x >= table.box[0] - 3 && x <= table.box[2] + 3 && y >= table.box[1] - 3 && y <= table.box[3] + 3,
  );
}

/** Rows without what stands in tables. */
function outsideTables(rows: readonly Row[], tables: readonly PageTable[]): Row[] {
  return rows.flatMap((row) => {
    const own = row.segments.filter(({ box }) => !isInTable(box, tables));
    return own.length === 0 ? [] : [toRow(own)];
  });
}

/** Paragraphs and tables of one region from top to bottom. */
function layRegion(rows: readonly Row[], tables: readonly PageTable[], page: number): LayoutItem[] {
  const items: LayoutItem[] = [];
  let rest = rows;
  for (const table of tables) {
    const above = rest.filter(({ box }) => middleOf(box) < table.box[1]);
    items.push(...toParagraphs(above, page).map((paragraph) => ({ kind: 'paragraph' as const, paragraph })));
    items.push({ kind: 'table', table, page });
    rest = rest.filter((row) => !above.includes(row));
  }
  items.push(...toParagraphs(rest, page).map((paragraph) => ({ kind: 'paragraph' as const, paragraph })));
  return items;
}

const isIn = (table: PageTable, region: Region): boolean =>
  region.rows.some(
    ({ box }) =>
      middleOf(box) >= table.box[1] &&
      middleOf(box) <= table.box[3] &&
      box[0] < table.box[2] &&
      box[2] > table.box[0],
  );

/** Rows with too many letters for a cell. */
const isText = (row: Row): boolean => row.segments.some((segment) => segmentText(segment).trim() !== '');

/** Lays out one page: columns, tables, paragraphs, in reading order. `rows` are without furniture. */
export function layOutPage(content: PageContent, rows: readonly Row[]): LayoutItem[] {
  const items: LayoutItem[] = [];
  for (const region of toRegions(rows.filter(isText))) {
    const words = region.rows.flatMap(({ segments }) => segments.flatMap(({ words }) => words));
    const tables = findTables(region.rows, words, rulingsOf(content, region)).filter((table) =>
      isIn(table, region),
    );
    items.push(...layRegion(outsideTables(region.rows, tables), tables, content.number));
  }
  return items;
}

/** The lines that a region may use: those that do not reach far out of it. */
function rulingsOf(content: PageContent, region: Region): PageContent['rulings'] {
  const left = Math.min(...region.rows.map(({ box }) => box[0]));
  const right = Math.max(...region.rows.map(({ box }) => box[2]));
  // Cells reach beyond their text, but not into the next column of the page.
  const reach = 0.2 * (right - left) + MAX_CELL_MARGIN;
  return content.rulings.filter(({ isHorizontal, at, from, to }) =>
    isHorizontal ? from > left - reach && to < right + reach : at > left - reach && at < right + reach,
  );
}
