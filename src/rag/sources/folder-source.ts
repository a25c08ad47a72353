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
const MAX_SIDECAR_BYTES = 64 * 1024;

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
    const bytes = await this.#read(key, Infinity);
    if (bytes === undefined) return undefined;
    return { bytes, sidecar: await this.#read(key + SIDECAR_ENDING, MAX_SIDECAR_BYTES + 1) };
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

  async #read(key: string, mostBytes: number): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(key);
    let handle: FileHandle | undefined;
    try {
      // A file that became a link since it was listed is not followed.
      handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      const { size } = await handle.stat();
      if (size > mostBytes) return new Uint8Array(await readStart(handle, mostBytes));
      return new Uint8Array(await handle.readFile());
    } catch (error) {
      if (isMissing(error) || isLink(error)) return undefined;
      throw unreadable(error);
    } finally {
      await handle?.close();
    }
  }

  #pathOf(key: string): string {
    const parts = key.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes(sep)))
      throw new RangeError('a key of a source leads out of it');
    return join(this.#folder, ...parts);
  }
}

async function readStart(handle: FileHandle, bytes: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(new Uint8Array(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}

function isLink(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOOP';
}

function unreadable(error: unknown): AppError {
  return new AppError('source.unavailable', 'A file cannot be read. May Hradlo read it?', { cause: error });
}
