import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

const BLOCK_BYTES = 1024 * 1024;

/** Bytes that this user may still write to the file system of `path`. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/**
 * A file that holds room on the disk. When the disk is full it is given up, so that what was begun can still be
 * ended and recorded; when there is room again it is made anew.
 */
export class DiskReserve {
  readonly #path: string;
  readonly #sizeBytes: number;

  constructor(path: string, sizeBytes: number) {
    this.#path = path;
    this.#sizeBytes = sizeBytes;
  }

  /** Frees the room. */
  release(): void {
    rmSync(this.#path, { force: true });
  }

  /** Whether there is room for the reserve and half as much again to go on with. */
  get hasRoom(): boolean {
    return freeBytes(dirname(this.#path)) > this.#sizeBytes * 1.5;
  }

  /** Takes the room, if it is not taken yet; false when there is not enough. Real bytes: a hole reserves nothing. */
  take(): boolean {
    if (existsSync(this.#path)) return true;
    if (!this.hasRoom) return false;
    const file = openSync(`${this.#path}.new`, 'w', 0o600);
    try {
      const block = Buffer.alloc(BLOCK_BYTES, 'hradlo');
      for (let left = this.#sizeBytes; left > 0; left -= BLOCK_BYTES)
        writeSync(file, block, 0, Math.min(left, BLOCK_BYTES));
      fsyncSync(file);
    } catch {
      rmSync(`${this.#path}.new`, { force: true });
      return false;
    } finally {
      closeSync(file);
    }
    renameSync(`${this.#path}.new`, this.#path);
    return true;
  }
}
