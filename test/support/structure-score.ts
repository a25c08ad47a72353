import type { Block } from '#rag/index.ts';

/** What a reader of a document is scored on. Every share is from 0 to 1. */
export interface StructureScore {
  /** F1 of words as a multiset. */
  readonly words: number;
  /** F1 of headings as texts; undefined when neither side has any. */
  readonly headings: number | undefined;
  /** F1 of table rows as texts; undefined when neither side has any. */
  readonly tables: number | undefined;
  /** Longest common run of words in order, as a share of the expected words. */
  readonly order: number;
}

/** A document as scoring sees it: its lines with what each one is. */
export interface ScoredLine {
  readonly kind: 'heading' | 'row' | 'text';
  readonly text: string;
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/<!--[\s\S]*?-->/gu, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(
      /&(amp|lt|gt|quot);/gu,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? '',
    )
    .replace(/[*_`~\\]/gu, '')
    .toLowerCase();

const wordsOf = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const key = (text: string): string => wordsOf(text).join(' ');

/** The lines of Markdown as other tools write it. */
export function linesOfMarkdown(markdown: string): ScoredLine[] {
  const lines: ScoredLine[] = [];
  let inCode = false;
  for (const line of markdown.split('\n')) {
    if (/^\s*```/u.test(line)) inCode = !inCode;
    else if (inCode) lines.push({ kind: 'text', text: line });
    else if (/^#{1,6}\s/u.test(line)) lines.push({ kind: 'heading', text: line.replace(/^#+\s+/u, '') });
    else if (/^\s*\|?[\s:|-]+\|?\s*$/u.test(line)) continue;
    else if (/^\s*\|.*\|\s*$/u.test(line)) lines.push({ kind: 'row', text: line });
    else lines.push({ kind: 'text', text: line });
  }
  return lines.filter(({ text }) => wordsOf(text).length > 0);
}

/** The lines of our blocks; a cell that spans rows or columns is repeated, as Markdown has to. */
export function linesOfBlocks(blocks: readonly Block[]): ScoredLine[] {
  return blocks.flatMap((block): ScoredLine[] => {
    if (block.kind === 'heading') return [{ kind: 'heading', text: block.text }];
    if (block.kind !== 'table') return block.text.split('\n').map((text) => ({ kind: 'text', text }));
    const { rows, columns, cells } = block.table;
    const at = (row: number, column: number): string => {
      const cell = cells.find(
        (cell) =>
          row >= cell.row &&
          row < cell.row + cell.rowSpan &&
          column >= cell.column &&
          column < cell.column + cell.columnSpan,
      );
      return cell === undefined ? '' : block.text.slice(cell.start, cell.end);
    };
    const row = (index: number): string =>
      Array.from({ length: columns }, (_, column) => at(index, column)).join(' | ');
    return Array.from({ length: rows }, (_, index) => ({ kind: 'row' as const, text: row(index) }));
  });
}

function multisetF1(found: readonly string[], expected: readonly string[]): number | undefined {
  if (expected.length === 0) return undefined;
  const left = new Map<string, number>();
  for (const item of expected) left.set(item, (left.get(item) ?? 0) + 1);
  let correct = 0;
  for (const item of found) {
    const count = left.get(item) ?? 0;
    if (count > 0) {
      left.set(item, count - 1);
      correct += 1;
    }
  }
  return (2 * correct) / Math.max(1, found.length + expected.length);
}

/** Where in a sorted list a value belongs. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Length of the longest common subsequence (Hunt and Szymanski 1977: few matches per word keep it quick). */
function commonRun(a: readonly string[], b: readonly string[]): number {
  const places = new Map<string, number[]>();
  for (const [index, word] of b.entries()) places.set(word, [...(places.get(word) ?? []), index]);
  const ends: number[] = [];
  for (const place of a.flatMap((word) => (places.get(word) ?? []).toReversed()))
    ends[lowerBound(ends, place)] = place;
  return ends.length;
}

const MAX_ORDER_WORDS = 4000;

/** Scores one document against what is expected of it. */
export function scoreStructure(
  found: readonly ScoredLine[],
  expected: readonly ScoredLine[],
): StructureScore {
  const words = (lines: readonly ScoredLine[]): string[] => lines.flatMap(({ text }) => wordsOf(text));
  const of = (lines: readonly ScoredLine[], kind: ScoredLine['kind']): string[] =>
    lines
      .filter((line) => line.kind === kind)
      .map(({ text }) => key(text))
      .filter((text) => text !== '');
  const foundWords = words(found);
  const expectedWords = words(expected).slice(0, MAX_ORDER_WORDS);
  return {
    words: multisetF1(foundWords, words(expected)) ?? (foundWords.length === 0 ? 1 : 0),
    headings: multisetF1(of(found, 'heading'), of(expected, 'heading')),
    tables: multisetF1(of(found, 'row'), of(expected, 'row')),
    order: expectedWords.length === 0 ? 1 : commonRun(expectedWords, foundWords) / expectedWords.length,
  };
}

/** The mean of the parts that apply. */
export function meanScore({ words, headings, tables, order }: StructureScore): number {
  const parts = [words, order, headings, tables].filter((part) => part !== undefined);
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}
