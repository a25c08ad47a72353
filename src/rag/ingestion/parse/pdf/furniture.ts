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
  repeated: ReadonlySet<string>,
  pages: number,
): RemovalReason | undefined {
  const text = textOf(row).trim();
  const isNumber = PAGE_NUMBER.test(text);
  const isRepeated = repeated.has(`${isTop} ${pattern(row)}`);
  if (isNumber && (isRepeated || EXPLICIT.test(text) || (pages > 2 && !isTop))) return 'page-number';
  if (!isRepeated && !isMarked(row)) return undefined;
  return isTop ? 'header' : 'footer';
}

/** Takes headers, footers and page numbers away from the rows of all pages, and lists them. */
export function removeFurniture(pages: readonly RowsOfPage[]): {
  pages: RowsOfPage[];
  removed: RemovedRange[];
} {
  const repeated = repeatedPatterns(pages.flatMap(edgeRows), pages.length);
  const removed: RemovedRange[] = [];
  const kept = pages.map((page) => {
    const gone = new Set<Row>();
    for (const edge of edgeRows(page)) {
      const reason = reasonOf(edge, repeated, pages.length);
      if (reason === undefined) continue;
      gone.add(edge.row);
      removed.push({ reason, text: textOf(edge.row), page: page.page, box: roundBox(edge.row.box) });
    }
    return { ...page, rows: page.rows.filter((row) => !gone.has(row)) };
  });
  return { pages: kept, removed };
}
