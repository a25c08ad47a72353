import { constants, watch, type Stats } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError } from '#core/index.ts';
import type { DocumentSource, FetchedFile, FoundFile } from './document-source.ts';
import { SIDECAR_ENDING } from './sidecar-schema.ts';

const VERSIONS = '.versions';
/** What programs leave lying about beside documents. */
const LITTER = /^(?:\..*|~\$.*|Thumbs\.db|desktop\.ini|.*\.(?:tmp|part|crdownload|swp))$/iu;
const SETTLE_MS = 500;
/** One byte more than a sidecar may have: a longer one is seen to be too long. */
const MAX_SIDECAR_BYTES = 64 * 1024 + 1;
const PIECE_BYTES = 256 * 1024;

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const stampOf = (stats: Stats | undefined) =>
  stats === undefined ? '-' : `${stats.size}.${Math.round(stats.mtimeMs)}.${stats.ino}`;

/**
 * The documents in a folder and the folders in it. Links are not followed, so that nothing outside comes in; hidden
 * files are passed over, but for `.versions`, which holds older versions by the day since which they held.
 */
export class FolderSource implements DocumentSource {
  readonly #folder: string;

  /** @param folder its absolute path. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async *list(signal: AbortSignal): AsyncGenerator<FoundFile> {
    yield* this.#listIn('', signal);
  }

  async *#listIn(folder: string, signal: AbortSignal): AsyncGenerator<FoundFile> {
    signal.throwIfAborted();
    const found = await readdir(join(this.#folder, folder), { withFileTypes: true }).catch(
      (error: unknown) => {
        // A folder that goes away while it is listed held nothing; the one at the top must be there.
        if (folder !== '' && isMissing(error)) return [];
        throw new AppError(
          'source.unavailable',
          'The folder cannot be read. Is it there, and may Hradlo read it?',
          {
            cause: error,
          },
        );
      },
    );
    for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name === VERSIONS || !entry.name.startsWith('.')) yield* this.#listIn(key, signal);
      } else if (entry.isFile() && !LITTER.test(entry.name) && !entry.name.endsWith(SIDECAR_ENDING)) {
        const file = await this.#stat(key);
        if (file === undefined) continue;
        const stamp = `${stampOf(file)} ${stampOf(await this.#stat(key + SIDECAR_ENDING))}`;
        yield { key, stamp, sizeBytes: file.size };
      }
    }
  }

  async fetch(key: string): Promise<FetchedFile | undefined> {
    const file = await this.#open(key);
    if (file === undefined) return undefined;
    try {
      return { pieces: piecesOf(file), sidecar: await this.#readSidecar(key) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  watch(onChange: () => void): Disposable {
    let timer: NodeJS.Timeout | undefined;
    const settle = () => {
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
      timer.unref();
    };
    const watcher = watch(this.#folder, { recursive: true, persistent: false }, settle);
    // What cannot be watched is still looked at now and then.
    watcher.on('error', () => watcher.close());
    return {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
        watcher.close();
      },
    };
  }

  async #stat(key: string): Promise<Stats | undefined> {
    try {
      const stats = await lstat(this.#pathOf(key));
      return stats.isFile() ? stats : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unreadable(error);
    }
  }

  async #readSidecar(key: string): Promise<Uint8Array | undefined> {
    await using file = await this.#open(key + SIDECAR_ENDING);
    if (file === undefined) return undefined;
    const { buffer, bytesRead } = await file.read(new Uint8Array(MAX_SIDECAR_BYTES), 0, MAX_SIDECAR_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  }

  async #open(key: string): Promise<FileHandle | undefined> {
    const path = this.#pathOf(key);
    try {
      // A file that became a link since it was listed is not followed.
      return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      if (isMissing(error) || isLink(error)) return undefined;
      throw unreadable(error);
    }
  }

  #pathOf(key: string): string {
    const parts = key.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes(sep)))
      throw new RangeError('a key of a source leads out of it');
    return join(this.#folder, ...parts);
  }
}

async function* piecesOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  // The stream closes the file, also when nobody reads on.
  for await (const piece of file.createReadStream({ highWaterMark: PIECE_BYTES })) {
    const bytes: unknown = piece;
    if (bytes instanceof Uint8Array) yield bytes;
  }
}

function isLink(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOOP';
}

function unreadable(error: unknown): AppError {
  return new AppError('source.unavailable', 'A file cannot be read. May Hradlo read it?', { cause: error });
}
