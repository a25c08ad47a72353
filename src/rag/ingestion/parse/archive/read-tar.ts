import { gunzipSync } from 'node:zlib';
import { ParseFailure } from '../parse-failure.ts';
import type { ArchiveBudget } from './read-archive.ts';

const BLOCK_BYTES = 512;
const PLAIN_FILE = new Set(['0', '\0', '7']);
const LINKS = new Set(['1', '2']);

/** A file of an archive. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  Buffer.from(bytes.subarray(at, at + length))
    .toString('utf8')
    .replace(/\0.*$/su, '');

/** Whether bytes are a tape archive (POSIX ustar): its mark stands in the first header. */
export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK_BYTES && textAt(bytes, 257, 5) === 'ustar';
}

/**
 * The files of a tape archive.
 * @throws {ParseFailure} `path-traversal` for names that leave the archive and for links, `archive-bomb`.
 */
export function readTar(bytes: Uint8Array, budget: ArchiveBudget): TarFile[] {
  const files: TarFile[] = [];
  for (let at = 0; at + BLOCK_BYTES <= bytes.length;) {
    const name = textAt(bytes, at, 100);
    if (name === '') break;
    const size = Number.parseInt(textAt(bytes, at + 124, 12).trim(), 8);
    if (!Number.isFinite(size) || size < 0) throw new ParseFailure('damaged', { format: 'tar' });
    const kind = String.fromCharCode(bytes[at + 156] ?? 0);
    const path = `${textAt(bytes, at + 345, 155)}/${name}`.replace(/^\//u, '');
    if (LINKS.has(kind) || /(?:^|[/\\])\.\.(?:[/\\]|$)/u.test(path) || name.startsWith('/')) {
      throw new ParseFailure('path-traversal', { format: 'tar' });
    }
    budget.takeEntries(1);
    budget.takeBytes(size);
    const start = at + BLOCK_BYTES;
    if (PLAIN_FILE.has(kind)) files.push({ name: path, bytes: bytes.subarray(start, start + size) });
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}

/**
 * Unpacks a single packed file, no further than the budget allows.
 * @throws {ParseFailure} `archive-bomb`, `damaged`.
 */
export function readGzip(bytes: Uint8Array, budget: ArchiveBudget): Uint8Array {
  const { maxBytes, maxRatio } = budget.limits;
  const limit = Math.min(maxBytes, Math.max(bytes.length * maxRatio, BLOCK_BYTES * 16_384));
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: limit });
    budget.takeBytes(unpacked.length);
    return unpacked;
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
    if (error instanceof RangeError) throw new ParseFailure('archive-bomb', { limit }, error);
    throw new ParseFailure('damaged', { format: 'gzip' }, error);
  }
}
