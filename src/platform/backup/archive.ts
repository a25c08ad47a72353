import { createHmac } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../durable-file.ts';
import { seal, SealError, unseal } from '../keys/seal.ts';

/** Something in the archive cannot be read as it was written. Says which. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/**
 * A folder of sealed objects: each is encrypted and authenticated under the backup key together with its own
 * name, so that nothing can be read, changed, or put in another's place.
 */
export class Archive {
  readonly #folder: string;
  readonly #key: Uint8Array;

  constructor(folder: string, key: Uint8Array) {
    this.#folder = folder;
    this.#key = key;
  }

  /** A name that depends on the content and tells nothing of it without the key. */
  contentName(kind: string, content: Uint8Array | string): string {
    const hex = createHmac('sha256', this.#key).update(kind).update(content).digest('hex');
    return `${kind}/${hex.slice(0, 2)}/${hex}`;
  }

  async has(name: string): Promise<boolean> {
    return (await stat(join(this.#folder, name)).catch(() => undefined)) !== undefined;
  }

  /** Writes an object durably; one that is there is replaced. */
  async put(name: string, content: Uint8Array): Promise<void> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(path, seal(this.#key, content, name), join(this.#folder, 'tmp'));
  }

  /** @throws {ArchiveError} when it is not there, or not as it was written. */
  async get(name: string): Promise<Buffer> {
    let sealed: Buffer;
    try {
      sealed = await readFile(join(this.#folder, name));
    } catch (error) {
      throw new ArchiveError(`${name} is missing from the backup.`, { cause: error });
    }
    try {
      return unseal(this.#key, sealed, name);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new ArchiveError(`${name} is damaged, or the key is not the one it was sealed with.`, {
        cause: error,
      });
    }
  }

  async delete(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
  }

  /** Names of a kind, in their order. */
  async list(kind: string): Promise<string[]> {
    const found = await readdir(join(this.#folder, kind), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    return found
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(this.#folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .toSorted();
  }
}
