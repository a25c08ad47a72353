import { AppError } from '#core/index.ts';
import { hashPassphrase, verifyPassphrase, type RandomBytes } from './passphrase.ts';

// One hash takes 19 MiB and a thread of the pool for about 75 ms: two at once leave threads for files.
const MAX_RUNNING = 2;
const MAX_WAITING = 32;
const RETRY_AFTER_SECONDS = 2;

/** Hashes and checks passphrases, few at a time: a flood of sign-ins costs neither memory nor the thread pool. */
export class PassphraseHasher {
  readonly #random: RandomBytes;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** @throws {AppError} limit.exceeded when too many wait already. */
  hash(passphrase: string): Promise<string> {
    return this.#inTurn(() => hashPassphrase(passphrase, this.#random));
  }

  /** Takes as long for an account that does not exist. @throws {AppError} limit.exceeded */
  verify(passphrase: string, hash: string | undefined): Promise<boolean> {
    return this.#inTurn(() => verifyPassphrase(passphrase, hash));
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= MAX_RUNNING) await this.#wait();
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING)
      throw new AppError('limit.exceeded', 'Too many sign-ins at once. Try again in a moment.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
