import type { Block, TableModel, Word } from '../parsed-document.ts';

type TableBlock = Block & { readonly kind: 'table' };

const endsOpen = (text: string): boolean => !/[.!?:;]["”)]?$/u.test(text);

/** Whether a paragraph at the top of a page goes on with the one that ended the page before. */
function continuesParagraph(last: Block, next: Block): boolean {
  if (last.kind !== 'paragraph' && last.kind !== 'list-item') return false;
  if (next.kind !== 'paragraph' || last.page === undefined || next.page !== pageAtEnd(last) + 1) return false;
  return endsOpen(last.text) && /^[\p{Ll}(]/u.test(next.text);
}

function pageAtEnd(block: Block): number {
  return block.words?.at(-1)?.page ?? block.page ?? 0;
}

function shift(words: readonly Word[] | undefined, by: number): Word[] {
  return (words ?? []).map((word) => ({ ...word, start: word.start + by, end: word.end + by }));
}

function joinText<Kind extends Block>(last: Kind, next: Block): Kind {
  const isCut = /\p{L}[-\u2010]$/u.test(last.text) && /^\p{Ll}/u.test(next.text);
  const head = isCut ? last.text.slice(0, -1) : `${last.text} `;
  const kept = (last.words ?? []).map((word) => ({ ...word, end: Math.min(word.end, head.length) }));
  return { ...last, text: head + next.text, words: [...kept, ...shift(next.words, head.length)] };
}

const headerTexts = (block: TableBlock): string =>
  block.table.cells
    .filter(({ row, isHeader }) => isHeader && row === 0)
    .map(({ start, end }) => block.text.slice(start, end))
    .join('|');

/** Whether a table at the top of a page goes on with the one at the end of the page before. */
function continuesTable(last: Block, next: Block): last is TableBlock {
  if (last.kind !== 'table' || next.kind !== 'table') return false;
  if (next.page !== pageAtEnd(last) + 1 || last.table.columns !== next.table.columns) return false;
  return last.table.columns > 1;
}

/** The rows of a continued table without a header that only repeats the first one. */
function withoutRepeatedHeader(
  last: TableBlock,
  next: TableBlock,
): { text: string; table: TableModel; words: Word[] } {
  const isRepeated = headerTexts(last) !== '' && headerTexts(last) === headerTexts(next);
  const cells = next.table.cells.filter(({ row }) => !isRepeated || row > 0);
  const from = cells[0]?.start ?? next.text.length;
  const firstRow = cells[0]?.row ?? 0;
  return {
    text: next.text.slice(from),
    words: shift(
      next.words?.filter(({ start }) => start >= from),
      -from,
    ),
    table: {
      ...next.table,
      rows: next.table.rows - firstRow,
      cells: cells.map((cell) => ({
        ...cell,
        row: cell.row - firstRow,
        start: cell.start - from,
        end: cell.end - from,
        isHeader: false,
      })),
    },
  };
}

function joinTables(last: TableBlock, next: TableBlock): TableBlock {
  const rest = withoutRepeatedHeader(last, next);
  const head = `${last.text}\n`;
  const cells = rest.table.cells.map((cell) => ({
    ...cell,
    row: cell.row + last.table.rows,
    start: cell.start + head.length,
    end: cell.end + head.length,
  }));
  return {
    ...last,
    text: head + rest.text,
    words: [...(last.words ?? []), ...shift(rest.words, head.length)],
    table: {
      rows: last.table.rows + rest.table.rows,
      columns: last.table.columns,
      cells: [...last.table.cells, ...cells],
      continuedFromPage: last.table.continuedFromPage ?? last.page,
    },
  };
}

/** Joins what a page break cut: paragraphs, items and tables. Footnotes between the halves go behind them. */
export function joinAcrossPages(blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const at = joined.findLastIndex(({ kind }) => kind !== 'footnote');
    const last = joined[at];
    if (last !== undefined && block.kind === 'table' && continuesTable(last, block))
      joined[at] = joinTables(last, block);
    else if (last !== undefined && continuesParagraph(last, block)) joined[at] = joinText(last, block);
    else joined.push(block);
  }
  return joined;
}
