import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { answeredIn, openAnswer } from '#rag/index.ts';
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
 * What a reader had in hand when the program ended it brought to its end: its answer lies there under its own name.
 */
export class ReadSpool {
  readonly #folder: string;
  /** Files of readers that an earlier program started, by what they answer. */
  readonly #leftBehind = new Map<string, string>();

  constructor(folder: string, nowMs: number) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const answered = answeredIn(name);
      if (answered === '' || nowMs - statSync(path).mtimeMs > STALE_MS) rmSync(path, { force: true });
      else if (answered !== undefined) this.#leftBehind.set(answered, path);
    }
  }

  /** What the answer to this is called while a reader works on it. */
  nameOf(key: string): string {
    return createHash('sha256').update(key).digest('hex');
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
    return this.#loadSaved(key) ?? this.#takeOver(key);
  }

  /** An answer that nobody heard any more. */
  #takeOver(key: string): KeptAnswer | undefined {
    const path = this.#leftBehind.get(this.nameOf(key));
    if (path === undefined) return undefined;
    try {
      const message = openAnswer(readFileSync(path));
      if (message === undefined) return undefined;
      const answer = { message, innerFiles: [] };
      this.save(key, answer);
      return answer;
    } catch {
      return undefined;
    } finally {
      this.#dropLeftBehind(key);
    }
  }

  #dropLeftBehind(key: string): void {
    const path = this.#leftBehind.get(this.nameOf(key));
    if (path !== undefined) rmSync(path, { force: true });
    this.#leftBehind.delete(this.nameOf(key));
  }

  #loadSaved(key: string): KeptAnswer | undefined {
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
    this.#dropLeftBehind(key);
  }

  #pathOf(key: string): string {
    return join(this.#folder, this.nameOf(key));
  }
}
