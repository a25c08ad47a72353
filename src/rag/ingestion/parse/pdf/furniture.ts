import type { RemovalReason, RemovedRange } from '../parsed-document.ts';
import { segmentText, type Row } from './lines.ts';
import { roundBox } from './matrix.ts';

/** The rows of one page. */
export interface RowsOfPage {
  readonly page: number;
  readonly height: number;
  readonly rows: readonly Row[];
}

/** How far from the edge headers and footers are looked for, as a share of the page's height. */
const MARGIN_SHARE = 0.12;
const MAX_ROWS = 4;
const MIN_SHARE_OF_PAGES = 0.4;
const PAGE_NUMBER =
  /^(?:[-–—|\s]*)(?:(?:strana|str\.|stránka|page|p\.|seite|list)\s*)?\(?(?:\d{1,4}|[ivxlc]{1,7})\)?(?:\s*(?:\/|z|ze|of|von)\s*\d{1,4})?(?:[-–—|.\s]*)$/iu;
const EXPLICIT = /^(?:strana|str\.|stránka|page|seite)\s*\d+|^\d+\s*(?:\/|z|ze|of)\s*\d+$/iu;

const textOf = (row: Row): string => row.segments.map(segmentText).join(' ');
/** Numbers change from page to page; the rest of a header does not. */
const pattern = (row: Row): string =>
  textOf(row).replace(/\d+/gu, '#').replace(/\s+/gu, ' ').trim().toLowerCase();

interface EdgeRow {
  readonly row: Row;
  readonly page: number;
  readonly isTop: boolean;
}

/** The rows at the edges of a page, where furniture stands. */
function edgeRows({ page, height, rows }: RowsOfPage): EdgeRow[] {
  const top = rows.slice(0, MAX_ROWS).filter(({ box }) => box[3] < height * MARGIN_SHARE);
  const bottom = rows.slice(-MAX_ROWS).filter(({ box }) => box[1] > height * (1 - MARGIN_SHARE));
  return [
    ...top.map((row) => ({ row, page, isTop: true })),
    ...bottom.map((row) => ({ row, page, isTop: false })),
  ];
}

/**
 * Patterns of text and not of furniture: they stand in the middle of a page too, or more than once at one edge of
 * it, as rows of a table do that differ in their numbers alone.
 */
function textPatterns(pages: readonly RowsOfPage[], edges: readonly EdgeRow[]): Set<string> {
  const atEdge = new Set(edges.map(({ row }) => row));
  const found = new Set(pages.flatMap(({ rows }) => rows.filter((row) => !atEdge.has(row)).map(pattern)));
  const onPage = new Set<string>();
  for (const { row, page, isTop } of edges) {
    const key = `${page} ${isTop} ${pattern(row)}`;
    if (onPage.has(key)) found.add(pattern(row));
    onPage.add(key);
  }
  return found;
}

/** Patterns that stand at one height of several pages. */
function repeatedPatterns(edges: readonly EdgeRow[], pages: number): Set<string> {
  const seen = new Map<string, Set<number>>();
  for (const { row, page, isTop } of edges) {
    const key = `${isTop} ${pattern(row)}`;
    seen.set(key, (seen.get(key) ?? new Set()).add(page));
  }
  const needed = Math.max(2, Math.min(pages * MIN_SHARE_OF_PAGES, 10));
  return new Set([...seen].filter(([, on]) => on.size >= needed).map(([key]) => key));
}

function isMarked(row: Row): boolean {
  return row.segments.every(({ words }) => words.every(({ isArtifact }) => isArtifact));
}

function reasonOf(
  { row, isTop }: EdgeRow,
  found: { readonly repeated: ReadonlySet<string>; readonly text: ReadonlySet<string> },
  pages: number,
): RemovalReason | undefined {
  const text = textOf(row).trim();
  const isNumber = PAGE_NUMBER.test(text);
  const isRepeated = found.repeated.has(`${isTop} ${pattern(row)}`);
  if (isNumber && (isRepeated || EXPLICIT.test(text) || (pages > 2 && !isTop))) return 'page-number';
  if (!(isRepeated && !found.text.has(pattern(row))) && !isMarked(row)) return undefined;
  return isTop ? 'header' : 'footer';
}

const MIN_CELLS = 3;

/** Repeated rows at the top of a page that name the columns of the table right below them. */
function columnHeads(rows: readonly Row[], furniture: ReadonlySet<Row>): Set<Row> {
  const heads = new Set<Row>();
  const at = rows.findIndex((row) => !furniture.has(row));
  let below = rows[at];
  if (below === undefined || below.segments.length < MIN_CELLS) return heads;
  for (const row of rows.slice(0, at).toReversed()) {
    const isNear = below.box[1] - row.box[3] < 1.5 * (row.box[3] - row.box[1]);
    if (!isNear || row.segments.length < 2) break;
    heads.add(row);
    below = row;
  }
  return [...heads].some((row) => row.segments.length >= MIN_CELLS) ? heads : new Set();
}

/** Takes headers, footers and page numbers away from the rows of all pages, and lists them. */
export function removeFurniture(pages: readonly RowsOfPage[]): {
  pages: RowsOfPage[];
  removed: RemovedRange[];
} {
  const edges = pages.flatMap(edgeRows);
  const found = { repeated: repeatedPatterns(edges, pages.length), text: textPatterns(pages, edges) };
  const headsSeen = new Set<string>();
  const removed: RemovedRange[] = [];
  const kept = pages.map((page) => {
    const furniture = edgeRows(page).flatMap((edge) => {
      const reason = reasonOf(edge, found, pages.length);
      return reason === undefined ? [] : [{ ...edge, reason }];
    });
    const heads = columnHeads(page.rows, new Set(furniture.map(({ row }) => row)));
    const gone = new Set<Row>();
    for (const edge of furniture) {
      const { reason } = edge;
      const isFirstHead = heads.has(edge.row) && !headsSeen.has(pattern(edge.row));
      if (heads.has(edge.row)) headsSeen.add(pattern(edge.row));
      if (isFirstHead) continue;
      gone.add(edge.row);
      removed.push({ reason, text: textOf(edge.row), page: page.page, box: roundBox(edge.row.box) });
    }
    return { ...page, rows: page.rows.filter((row) => !gone.has(row)) };
  });
  return { pages: kept, removed };
}
