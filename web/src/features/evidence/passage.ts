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
