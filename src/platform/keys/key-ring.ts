import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../durable-file.ts';
import { KEY_BYTES, seal, unseal } from './seal.ts';

const NAME = /^[a-z0-9_]{1,60}$/;
const CACHE_SIZE = 1_000;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Data keys, each in a file of its own, wrapped by the master key. They are apart from the database so that
 * destroying one destroys what it sealed in every copy of the database too: backups keep only the keys of today.
 */
export class KeyRing {
  readonly #folder: string;
  readonly #masterKey: Uint8Array;
  /** Unwrapped keys, oldest first. As bytes a key would be copied and looked at anew for every text. */
  readonly #cache = new Map<string, KeyObject>();

  constructor(folder: string, masterKey: Uint8Array) {
    if (masterKey.length !== KEY_BYTES) throw new RangeError('the master key must have 32 bytes');
    this.#folder = folder;
    this.#masterKey = masterKey;
  }

  /** Makes a key; durable when it resolves. */
  async create(name: string): Promise<void> {
    const key = randomBytes(KEY_BYTES);
    await writeDurably(this.#pathOf(name), seal(this.#masterKey, key, name), this.#folder);
    this.#remember(name, key);
  }

  /** @throws {Error} when there is no such key. */
  async seal(name: string, text: string, place: string): Promise<Buffer> {
    const key = await this.#find(name);
    if (key === undefined) throw new Error('the key to seal with was destroyed');
    return seal(key, Buffer.from(text), place);
  }

  /** The text, or undefined when its key was destroyed. @throws {SealError} when it was changed. */
  async unseal(name: string, sealed: Uint8Array, place: string): Promise<string | undefined> {
    const key = await this.#find(name);
    return key && unseal(key, sealed, place).toString();
  }

  /** Overwrites and removes a key: what it sealed is gone. Doing it again is no error. */
  async destroy(name: string): Promise<void> {
    this.#cache.delete(name);
    const path = this.#pathOf(name);
    try {
      const file = await open(path, 'r+');
      try {
        const { size } = await file.stat();
        await file.write(randomBytes(size), 0, size, 0);
        await file.sync();
      } finally {
        await file.close();
      }
      await rm(path);
      await syncFolder(this.#folder);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  async has(name: string): Promise<boolean> {
    return (await this.#find(name)) !== undefined;
  }

  /** Names of the keys that are there. */
  async list(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return names.filter((name) => NAME.test(name)).toSorted();
  }

  async #find(name: string): Promise<KeyObject | undefined> {
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    let wrapped: Uint8Array;
    try {
      wrapped = await readFile(this.#pathOf(name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    return this.#remember(name, unseal(this.#masterKey, wrapped, name));
  }

  /** Keeps a key as an object; the bytes that it was made of are overwritten. */
  #remember(name: string, bytes: Uint8Array): KeyObject {
    const key = createSecretKey(bytes);
    bytes.fill(0);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= CACHE_SIZE && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(name, key);
    return key;
  }

  #pathOf(name: string): string {
    if (!NAME.test(name)) throw new RangeError('not a name of a key');
    return join(this.#folder, name);
  }
}
