import { createHash, randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where a reader writes its answer beside saying it. */
export const ANSWER_FILE = 4;
const ENDING = '.part';
const DIGEST_BYTES = 32;
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** What a reader writes: the digest of its answer, then the answer. */
export function sealAnswer(message: Uint8Array): Uint8Array {
  return Buffer.concat([digestOf(message), message]);
}

/** The answer in what a reader wrote; undefined when it is not whole. */
export function openAnswer(sealed: Uint8Array): Uint8Array | undefined {
  const message = sealed.subarray(DIGEST_BYTES);
  const isWhole = message.length > 0 && digestOf(message).equals(sealed.subarray(0, DIGEST_BYTES));
  return isWhole ? message : undefined;
}

/** What the answer in a file is to, empty where nothing was asked yet; undefined for a file that is not one of answers. */
export function answeredIn(fileName: string): string | undefined {
  return fileName.endsWith(ENDING) ? fileName.slice(0, fileName.indexOf('.')) : undefined;
}

/**
 * A file that one reader writes its answers to, one over the other, beside saying them: when the program ends before it
 * has heard an answer, it is found there. Only the program says what the answer is to: it names the file anew, and
 * empties it, before the reader is told what to read. The reader itself has an open file and no folder.
 */
export class AnswerFile implements Disposable {
  readonly #folder: string;
  readonly #own = randomBytes(8).toString('hex');
  #path: string;
  readonly fd: number;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#path = this.#pathFor('');
    this.fd = openSync(this.#path, 'wx', 0o600);
  }

  /** A file for one reader; undefined where there is no room for one: it reads without. */
  static open(folder: string): AnswerFile | undefined {
    try {
      return new AnswerFile(folder);
    } catch {
      return undefined;
    }
  }

  #pathFor(name: string): string {
    return join(this.#folder, `${name}.${this.#own}${ENDING}`);
  }

  /**
   * From here on what is written answers this.
   * @param name without a dot.
   * @returns whether it can be: somebody may have cleared the folder.
   */
  begin(name: string): boolean {
    try {
      ftruncateSync(this.fd, 0);
      renameSync(this.#path, this.#pathFor(name));
      this.#path = this.#pathFor(name);
      return true;
    } catch {
      return false;
    }
  }

  /** What was written was heard, and is kept elsewhere. */
  clear(): void {
    ftruncateSync(this.fd, 0);
  }

  /** The reader has ended, and whatever it said was heard. */
  [Symbol.dispose](): void {
    closeSync(this.fd);
    rmSync(this.#path, { force: true });
  }
}
