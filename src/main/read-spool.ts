import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { InnerFile } from '#usecases/index.ts';

/** What a reader answered of a file. */
export interface KeptAnswer {
  /** As it came: it is checked when it is read, like any other. */
  readonly message: Uint8Array;
  readonly innerFiles: readonly InnerFile[];
}

const DIGEST_BYTES = 32;
/** Nobody came back for it: its file changed or is gone. */
const STALE_MS = 24 * 60 * 60 * 1000;

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function isKeptAnswer(value: unknown): value is KeptAnswer {
  if (typeof value !== 'object' || value === null) return false;
  return 'message' in value && value.message instanceof Uint8Array && 'innerFiles' in value;
}

/**
 * Keeps what a reader answered until it is in the database, so that a kill after the reading costs no second one. It
 * need not survive a power cut, which is what makes it cheap: what is not whole is seen by its digest and read again.
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

  save(key: string, answer: KeptAnswer): void {
    const bytes = serialize(answer);
    try {
      writeFileSync(this.#pathOf(key), Buffer.concat([digestOf(bytes), bytes]), { mode: 0o600 });
    } catch {
      // Without room for it a kill costs a second reading, and nothing else.
      this.forget(key);
    }
  }

  load(key: string): KeptAnswer | undefined {
    try {
      const kept = readFileSync(this.#pathOf(key));
      const bytes = kept.subarray(DIGEST_BYTES);
      if (!digestOf(bytes).equals(kept.subarray(0, DIGEST_BYTES))) return undefined;
      const answer: unknown = deserialize(bytes);
      return isKeptAnswer(answer) ? answer : undefined;
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
