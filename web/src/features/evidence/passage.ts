import type { PassageResponse } from '#wire/hradlo/index.ts';

export type PassageChunk = PassageResponse['chunks'][number];

/** Offsets in the canonical text of a version, half-open. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A piece of a chunk's text; `isCited` where the cited range covers it. */
export interface Piece {
  readonly text: string;
  readonly isCited: boolean;
}

export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

/** A chunk's text cut at the borders of the cited range; joined, the pieces are the text. */
export function cutAt(chunk: Pick<PassageChunk, 'start' | 'text'>, cited: Range | undefined): Piece[] {
  const { text, start } = chunk;
  if (cited === undefined) return [{ text, isCited: false }];
  const from = Math.min(Math.max(0, cited.start - start), text.length);
  const to = Math.min(Math.max(from, cited.end - start), text.length);
  const pieces = [
    { text: text.slice(0, from), isCited: false },
    { text: text.slice(from, to), isCited: true },
    { text: text.slice(to), isCited: false },
  ];
  return pieces.filter((piece) => piece.text !== '');
}

/** Places in `chunks` that the cited range covers, first and last; undefined when it covers none. */
export function citedChunks(
  chunks: readonly Range[],
  cited: Range,
): { readonly first: number; readonly last: number } | undefined {
  const first = chunks.findIndex((chunk) => overlaps(chunk, cited));
  if (first === -1) return undefined;
  return { first, last: chunks.findLastIndex((chunk) => overlaps(chunk, cited)) };
}

/** A paragraph or a heading of a chunk, at its place in the canonical text. */
export interface Paragraph {
  readonly start: number;
  readonly text: string;
  readonly isHeading: boolean;
}

/** A chunk's text as paragraphs; the white space between them is left out, their places are not changed by it. */
export function toParagraphs(chunk: PassageChunk): Paragraph[] {
  const headings = new Set(chunk.headingPath);
  return [...chunk.text.matchAll(/\S(?:[^\n]|\n(?!\s*\n))*/g)].map((match) => {
    const text = match[0].trimEnd();
    return { start: chunk.start + match.index, text, isHeading: headings.has(text) };
  });
}

/** A cell of a table, at its place in the canonical text. */
export interface Cell {
  readonly start: number;
  readonly text: string;
}

/** What a chunk shows: paragraphs, and tables as rows of cells. */
export type Block =
  | { readonly kind: 'paragraph'; readonly paragraph: Paragraph }
  | { readonly kind: 'table'; readonly start: number; readonly rows: readonly (readonly Cell[])[] };

const BETWEEN_CELLS = ' | ';

function toCells(line: string, start: number): Cell[] {
  const cells: Cell[] = [];
  let at = start;
  for (const text of line.split(BETWEEN_CELLS)) {
    cells.push({ start: at, text });
    at += text.length + BETWEEN_CELLS.length;
  }
  return cells;
}

/** Rows of a paragraph when it is a table: lines of more than one cell, all of as many; else undefined. */
function toRows({ text, start }: Paragraph): Cell[][] | undefined {
  let at = start;
  const rows = text.split('\n').map((line) => {
    const cells = toCells(line, at);
    at += line.length + 1;
    return cells;
  });
  const width = rows[0]?.length ?? 0;
  const isTable = width > 1 && rows.every((row) => row.length === width);
  return isTable ? rows : undefined;
}

/** A chunk as it is laid out. */
export function toBlocks(chunk: PassageChunk): Block[] {
  return toParagraphs(chunk).map((paragraph): Block => {
    const rows = chunk.kind === 'table' ? toRows(paragraph) : undefined;
    if (rows === undefined) return { kind: 'paragraph', paragraph };
    return { kind: 'table', start: paragraph.start, rows };
  });
}

/** Whether a table goes on that the chunk before began: then its first row is no head. */
export function goesOn(chunk: PassageChunk, before: PassageChunk | undefined): boolean {
  return (
    chunk.kind === 'table' &&
    before?.kind === 'table' &&
    before.headingPath.join('\n') === chunk.headingPath.join('\n')
  );
}
