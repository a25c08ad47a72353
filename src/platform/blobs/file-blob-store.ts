import { createHash } from 'node:crypto';
import { statSync, unlinkSync } from 'node:fs';
import { open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobStore, Clock } from '#contracts/index.ts';
import { AppError, expectDigest, parseDigest, type Digest } from '#core/index.ts';
import { syncFolder, TemporaryFile, writeDurably } from '../durable-file.ts';
import { digestOf } from '../ids.ts';

const TEMPORARY = 'tmp';
const PREFIX = 'sha256:';
const FAN_OUT = /^[0-9a-f]{2}$/;
const PAGE_SIZE = 500;
/** Time from `put` to the durable row that refers to the blob; a blob younger than this is never collected. */
const GRACE_MS = 60 * 60 * 1000;

/** Which of these digests something refers to. */
export type FindReferenced = (digests: readonly Digest[]) => Promise<ReadonlySet<string>>;

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'input.too_large',
    `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MiB.`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Blobs as files named by their digest, in 256 folders. One process owns the folder (the lock of the
 * installation sees to it), so a collection and a `put` can be kept apart by what this object remembers.
 */
export class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #clock: Clock;
  /** When each blob was last put, on the monotonic clock: a jump of the wall clock must not make one look old. */
  readonly #putAtMs = new Map<Digest, number>();
  /** When each blob was put whose reference is still being written, once per writer. */
  readonly #unsettled = new Map<Digest, number[]>();

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    // Before the first await: from here on no collection takes it, also when it is there already.
    this.#hold(digest);
    const path = this.#pathOf(digest);
    // A damaged one is replaced: the right bytes are at hand.
    if (await this.#isWhole(digest)) await this.#keep(path);
    else await writeDurably(path, bytes, join(this.#folder, TEMPORARY));
    this.#remember(digest);
    return digest;
  }

  async putStream(
    pieces: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ digest: Digest; sizeBytes: number }> {
    const temporary = await TemporaryFile.create(join(this.#folder, TEMPORARY));
    try {
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const piece of pieces) {
        sizeBytes += piece.byteLength;
        if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
        hash.update(piece);
        await temporary.write(piece);
      }
      const digest = expectDigest(`${PREFIX}${hash.digest('hex')}`);
      // As in `put`: before it is in its place nobody may collect it.
      this.#hold(digest);
      const path = this.#pathOf(digest);
      if (await this.#isWhole(digest)) await this.#keep(path);
      else await temporary.moveTo(path);
      this.#remember(digest);
      return { digest, sizeBytes };
    } finally {
      await temporary[Symbol.asyncDispose]();
    }
  }

  settle(digest: Digest): void {
    const [, ...rest] = this.#unsettled.get(digest) ?? [];
    if (rest.length > 0) this.#unsettled.set(digest, rest);
    else this.#unsettled.delete(digest);
  }

  async get(digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = await this.#read(digest);
    if (bytes === undefined || digestOf(bytes) === digest) return bytes;
    throw new AppError('storage.damaged', 'A stored file is damaged. Restore it from a backup.', {
      details: { digest },
    });
  }

  async *list(): AsyncGenerator<Digest> {
    const folders = await readdir(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const folder of folders.filter((name) => FAN_OUT.test(name)).toSorted()) {
      for (const name of (await readdir(join(this.#folder, folder))).toSorted()) {
        const digest = parseDigest(`${PREFIX}${name}`);
        if (digest !== undefined) yield digest;
      }
    }
  }

  async delete(digest: Digest): Promise<void> {
    const path = this.#pathOf(digest);
    try {
      await rm(path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  /**
   * Deletes what nothing refers to, and what a kill left half-written. Safe beside writers: the last look (was it
   * put meanwhile?) and the unlink are one synchronous step. Returns the digests it deleted.
   */
  async collect(findReferenced: FindReferenced, graceMs = GRACE_MS): Promise<Digest[]> {
    const deleted: Digest[] = [];
    let page: Digest[] = [];
    const sweep = async () => {
      const referenced = await findReferenced(page);
      deleted.push(
        ...page.filter((digest) => !referenced.has(digest) && this.#deleteIfIdle(digest, graceMs)),
      );
      page = [];
    };
    for await (const digest of this.list()) {
      if (page.push(digest) >= PAGE_SIZE) await sweep();
    }
    if (page.length > 0) await sweep();
    await this.#clearTemporary(graceMs);
    return deleted;
  }

  /**
   * Deletes now those of `files` that nothing refers to: no grace, since what they belonged to was erased. Left alone,
   * for a later collection, is what somebody put again after `lastPutMs` or is just about to refer to. Returns the
   * digests that are gone.
   */
  async deleteUnneeded(
    files: readonly { readonly digest: Digest; readonly lastPutMs: number }[],
    findReferenced: FindReferenced,
  ): Promise<Digest[]> {
    const deleted: Digest[] = [];
    for (let at = 0; at < files.length; at += PAGE_SIZE) {
      const page = files.slice(at, at + PAGE_SIZE);
      const referenced = await findReferenced(page.map(({ digest }) => digest));
      // From here to the end of the page nothing waits: nobody can put one of them between the look and the unlink.
      for (const { digest, lastPutMs } of page) {
        if (!referenced.has(digest) && !this.#isHeld(digest) && this.#deleteIfOld(digest, lastPutMs))
          deleted.push(digest);
      }
    }
    return deleted;
  }

  /** Every blob that was last put before `beforeMs`. */
  async listPutBefore(beforeMs: number): Promise<{ readonly digest: Digest; readonly lastPutMs: number }[]> {
    const found: { digest: Digest; lastPutMs: number }[] = [];
    for await (const digest of this.list()) {
      const stat = statSync(this.#pathOf(digest), { throwIfNoEntry: false });
      if (stat !== undefined && stat.mtimeMs <= beforeMs) found.push({ digest, lastPutMs: beforeMs });
    }
    return found;
  }

  #isHeld(digest: Digest): boolean {
    const nowMs = this.#clock.monotonicMs();
    return (this.#unsettled.get(digest) ?? []).some((putAtMs) => nowMs - putAtMs < GRACE_MS);
  }

  #deleteIfOld(digest: Digest, lastPutMs: number): boolean {
    const path = this.#pathOf(digest);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return true;
    if (stat.mtimeMs > lastPutMs) return false;
    unlinkSync(path);
    this.#putAtMs.delete(digest);
    return true;
  }

  #deleteIfIdle(digest: Digest, graceMs: number): boolean {
    const putAtMs = this.#putAtMs.get(digest);
    if (putAtMs !== undefined && this.#clock.monotonicMs() - putAtMs < graceMs) return false;
    try {
      const path = this.#pathOf(digest);
      // After a restart the memory is gone; the file's own time still tells.
      if (Math.abs(this.#clock.nowMs() - statSync(path).mtimeMs) < graceMs) return false;
      unlinkSync(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    this.#putAtMs.delete(digest);
    return true;
  }

  async #clearTemporary(graceMs: number): Promise<void> {
    const folder = join(this.#folder, TEMPORARY);
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      const path = join(folder, name);
      const mtimeMs = await stat(path).then(
        (found) => found.mtimeMs,
        () => undefined,
      );
      if (mtimeMs !== undefined && Math.abs(this.#clock.nowMs() - mtimeMs) >= graceMs)
        await rm(path, { force: true });
    }
  }

  /** Makes a file young again, and durable: whoever wrote it may have been killed before its fsync. */
  async #keep(path: string): Promise<void> {
    const nowS = this.#clock.nowMs() / 1000;
    await utimes(path, nowS, nowS);
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(path));
  }

  /** Before it is in its place: from here on no collection takes it, also when it is there already. */
  #hold(digest: Digest): void {
    this.#unsettled.set(digest, [...(this.#unsettled.get(digest) ?? []), this.#clock.monotonicMs()]);
    this.#remember(digest);
  }

  #remember(digest: Digest): void {
    this.#putAtMs.set(digest, this.#clock.monotonicMs());
  }

  async #isWhole(digest: Digest): Promise<boolean> {
    const bytes = await this.#read(digest);
    return bytes !== undefined && digestOf(bytes) === digest;
  }

  async #read(digest: Digest): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#pathOf(digest));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #pathOf(digest: Digest): string {
    const name = digest.slice(PREFIX.length);
    return join(this.#folder, name.slice(0, 2), name);
  }
}
