import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { ReadContent } from '#rag/index.ts';
import type { InnerFile } from '#usecases/index.ts';

/** What came out of a file. */
export interface ReadResult {
  readonly content: ReadContent;
  readonly innerFiles: readonly InnerFile[];
}

const DIGEST_BYTES = 32;
/** Nobody came back for it: its file changed or is gone. */
const STALE_MS = 24 * 60 * 60 * 1000;

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function isReadResult(value: unknown): value is ReadResult {
  return typeof value === 'object' && value !== null && 'content' in value && 'innerFiles' in value;
}

/**
 * Keeps what was read until it is in the database, so that a kill in between costs no second reading. It need not
 * survive a power cut, which is what makes it cheap: what is not whole is seen by its digest and read again.
 */
export class ReadSpool {
  readonly #folder: string;

  constructor(folder: string, nowMs: number) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (nowMs - statSync(path).mtimeMs > STALE_MS) rmSync(path, { force: true });
    }
  }

  save(key: string, result: ReadResult): void {
    const bytes = serialize(result);
    try {
      writeFileSync(this.#pathOf(key), Buffer.concat([digestOf(bytes), bytes]), { mode: 0o600 });
    } catch {
      // Without room for it a kill costs a second reading, and nothing else.
      this.forget(key);
    }
  }

  load(key: string): ReadResult | undefined {
    try {
      const kept = readFileSync(this.#pathOf(key));
      const bytes = kept.subarray(DIGEST_BYTES);
      if (!digestOf(bytes).equals(kept.subarray(0, DIGEST_BYTES))) return undefined;
      const result: unknown = deserialize(bytes);
      return isReadResult(result) ? result : undefined;
    } catch {
      return undefined;
    }
  }

  forget(key: string): void {
    rmSync(this.#pathOf(key), { force: true });
  }

  #pathOf(key: string): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex'));
  }
}
