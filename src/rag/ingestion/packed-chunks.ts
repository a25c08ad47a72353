import type { NewChunk } from '../document-store.ts';

/** About so many bytes are one statement of one commit: others get their turn between. */
const PIECE_BYTES = 512 * 1024;
const encoder = new TextEncoder();

/** Some chunks of a version, in order. */
export interface PackedChunks {
  /** Place of the first of them in the version, from 0. */
  readonly firstOrdinal: number;
  readonly bytes: Uint8Array;
}

/**
 * Packs chunks into pieces, each the JSON of a list whose elements are lists: id, kind, heading path, first and last
 * page, start, end, text, prefix, tokens, language. SQLite takes them apart.
 */
export function packChunks(chunks: readonly NewChunk[]): PackedChunks[] {
  const pieces: PackedChunks[] = [];
  let firstOrdinal = 0;
  let rows: string[] = [];
  let size = 0;
  const close = (): void => {
    if (rows.length > 0) pieces.push({ firstOrdinal, bytes: encoder.encode(`[${rows.join(',')}]`) });
    firstOrdinal += rows.length;
    [rows, size] = [[], 0];
  };
  for (const chunk of chunks) {
    const row = JSON.stringify([
      chunk.id,
      chunk.kind,
      chunk.headingPath.map((heading) => heading.toWellFormed()),
      chunk.pageFrom ?? null,
      chunk.pageTo ?? null,
      chunk.start,
      chunk.end,
      // Half a character cannot be stored: it becomes the sign for that, one for one.
      chunk.text.toWellFormed(),
      chunk.indexPrefix.toWellFormed(),
      chunk.tokenCount,
      chunk.language,
    ]);
    rows.push(row);
    size += row.length;
    if (size >= PIECE_BYTES) close();
  }
  close();
  return pieces;
}
