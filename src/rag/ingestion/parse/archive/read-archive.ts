import type { Readable } from 'node:stream';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { ParseFailure } from '../parse-failure.ts';
import { decryptEntry } from './decrypt-entry.ts';

/** What may be unpacked. Archives inside of an archive draw on the same budget. */
export interface ArchiveLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
  readonly maxDepth: number;
  /** Unpacked bytes for each packed one; small archives may have more. */
  readonly maxRatio: number;
}

const MEBIBYTE = 1024 * 1024;
export const ARCHIVE_LIMITS: ArchiveLimits = {
  maxBytes: 512 * MEBIBYTE,
  maxEntries: 10_000,
  maxDepth: 3,
  maxRatio: 100,
};
/** Below this the ratio says nothing: markup of a small document packs very well. */
const RATIO_FLOOR_BYTES = 8 * MEBIBYTE;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** What is left of the limits while a file and everything in it is read. */
export class ArchiveBudget {
  readonly limits: ArchiveLimits;
  #bytes = 0;
  #entries = 0;

  constructor(limits: ArchiveLimits = ARCHIVE_LIMITS) {
    this.limits = limits;
  }

  /** @throws {ParseFailure} `archive-bomb` when this is more than is left. */
  takeEntries(count: number): void {
    this.#entries += count;
    if (this.#entries > this.limits.maxEntries) {
      throw new ParseFailure('archive-bomb', { entries: this.#entries, limit: this.limits.maxEntries });
    }
  }

  /** @throws {ParseFailure} `archive-bomb` when this is more than is left. */
  takeBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.maxBytes) {
      throw new ParseFailure('archive-bomb', { bytes: this.#bytes, limit: this.limits.maxBytes });
    }
  }

  /** @throws {ParseFailure} `archive-bomb` when archives nest deeper than allowed. */
  checkDepth(depth: number): void {
    if (depth > this.limits.maxDepth)
      throw new ParseFailure('archive-bomb', { depth, limit: this.limits.maxDepth });
  }
}

/** The files of an archive by name, each unpacked when it is asked for. */
export interface Archive {
  readonly names: readonly string[];
  /** The bytes of a file; undefined when there is none of this name. */
  read(name: string): Promise<Uint8Array | undefined>;
}

function toFailure(error: unknown): ParseFailure {
  if (error instanceof ParseFailure) return error;
  const message = error instanceof Error ? error.message : '';
  if (/relative path|absolute path|invalid characters in fileName/iu.test(message)) {
    return new ParseFailure('path-traversal', {}, error);
  }
  return new ParseFailure('damaged', { format: 'zip' }, error);
}

function open(bytes: Uint8Array): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    fromBuffer(buffer, { lazyEntries: true, autoClose: false }, (error, file) =>
      error ? reject(toFailure(error)) : resolve(file),
    );
  });
}

function listEntries(file: ZipFile, maxEntries: number): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    file.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length > maxEntries) {
        reject(new ParseFailure('archive-bomb', { entries: entries.length, limit: maxEntries }));
      } else file.readEntry();
    });
    file.on('end', () => resolve(entries));
    file.on('error', (error: unknown) => reject(toFailure(error)));
    file.readEntry();
  });
}

/** Measures an archive by what it says of itself, before a byte of it is unpacked. */
function checkEntries(entries: readonly Entry[], archiveBytes: number, limits: ArchiveLimits): void {
  const packed = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
  const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  // Entries that share their bytes add up to more than the archive: the way of the densest bombs.
  if (packed > archiveBytes) throw new ParseFailure('archive-bomb', { kind: 'overlapping' });
  if (unpacked > limits.maxBytes)
    throw new ParseFailure('archive-bomb', { bytes: unpacked, limit: limits.maxBytes });
  const ratio = Math.round(unpacked / Math.max(1, archiveBytes));
  if (unpacked > RATIO_FLOOR_BYTES && ratio > limits.maxRatio) {
    throw new ParseFailure('archive-bomb', { ratio, limit: limits.maxRatio });
  }
  for (const entry of entries) {
    const mode = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
    if (mode === SYMBOLIC_LINK) throw new ParseFailure('path-traversal', { kind: 'symbolic-link' });
  }
}

/** The bytes of one entry, counted as they really come, whatever the archive claims. */
function readEntry(
  file: ZipFile,
  entry: Entry,
  { isLocked, budget }: { readonly isLocked: boolean; readonly budget: ArchiveBudget },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const read = (error: Error | null, stream: Readable): void => {
      if (error) {
        reject(toFailure(error));
        return;
      }
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => {
        try {
          budget.takeBytes(part.length);
          parts.push(part);
        } catch (failure) {
          stream.destroy();
          reject(toFailure(failure));
        }
      });
      stream.on('end', () => resolve(Buffer.concat(parts)));
      stream.on('error', (failure: unknown) => reject(toFailure(failure)));
    };
    file.openReadStream(entry, isLocked ? { decodeFileData: false } : {}, read);
  });
}

/**
 * Opens a ZIP archive after measuring it; reading from it may fail in the same ways.
 * @param passwords tried one after the other on locked files in it.
 * @throws {ParseFailure} `archive-bomb`, `path-traversal`, `encrypted`, `wrong-password`, `damaged`.
 */
export async function openArchive(
  bytes: Uint8Array,
  budget: ArchiveBudget,
  passwords: readonly string[] = [],
): Promise<Archive> {
  const file = await open(bytes);
  const entries = await listEntries(file, budget.limits.maxEntries);
  checkEntries(entries, bytes.length, budget.limits);
  budget.takeEntries(entries.length);
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/'));
  const byName = new Map(files.map((entry) => [entry.fileName, entry]));
  return {
    names: files.map(({ fileName }) => fileName),
    async read(name) {
      const entry = byName.get(name);
      if (entry === undefined) return undefined;
      const isLocked = entry.isEncrypted();
      const own = await readEntry(file, entry, { isLocked, budget });
      if (!isLocked) return own;
      const opened = decryptEntry(entry, own, passwords);
      budget.takeBytes(opened.length);
      return opened;
    },
  };
}
