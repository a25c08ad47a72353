import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#core/index.ts';

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT']);

/** A full disk as the failure a caller may meet; anything else as it is. */
export function toStorageError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !FULL_CODES.has(code)) return error;
  return new AppError('storage.full', 'The disk is full. Nothing was changed; make room and try again.', {
    cause: error,
  });
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and, when it is new, its name durable in the one above. */
async function ensureFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let path = folder; ; path = dirname(path)) {
    await syncFolder(dirname(path));
    if (path === first) return;
  }
}

/** Adds to the end of a file, durably. */
export async function appendDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'a', 0o600);
  try {
    await handle.appendFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a whole file so that after a power cut there is the old one or the new one, never a part: a temporary
 * file in `temporaryFolder` (same file system), fsync, rename, fsync of the folder.
 * @throws AppError storage.full
 */
export async function writeDurably(path: string, bytes: Uint8Array, temporaryFolder: string): Promise<void> {
  const temporary = `${temporaryFolder}/${randomBytes(12).toString('hex')}.part`;
  try {
    await ensureFolder(dirname(path));
    await ensureFolder(temporaryFolder);
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw toStorageError(error);
  }
}

/** A file that is written piece by piece and becomes one of its own only when it is whole and durable. */
export class TemporaryFile implements AsyncDisposable {
  readonly #path: string;
  readonly #handle: FileHandle;
  #isMoved = false;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** @throws AppError storage.full */
  static async create(folder: string): Promise<TemporaryFile> {
    try {
      await ensureFolder(folder);
      const path = `${folder}/${randomBytes(12).toString('hex')}.part`;
      return new TemporaryFile(path, await open(path, 'wx', 0o600));
    } catch (error) {
      throw toStorageError(error);
    }
  }

  /** @throws AppError storage.full */
  async write(piece: Uint8Array): Promise<void> {
    try {
      await this.#handle.writeFile(piece);
    } catch (error) {
      throw toStorageError(error);
    }
  }

  /** Makes it durable under its name; what was there is replaced. @throws AppError storage.full */
  async moveTo(path: string): Promise<void> {
    try {
      await this.#handle.sync();
      await ensureFolder(dirname(path));
      await rename(this.#path, path);
      this.#isMoved = true;
      await syncFolder(dirname(path));
    } catch (error) {
      throw toStorageError(error);
    }
  }

  /** Closes it; what was not moved is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
    if (!this.#isMoved) await rm(this.#path, { force: true });
  }
}
