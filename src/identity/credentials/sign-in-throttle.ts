import type { Clock } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';

interface Failures {
  readonly count: number;
  readonly untilMs: number;
  readonly lastMs: number;
}

const FREE_TRIES = 5;
const MAX_WAIT_MS = 15 * 60_000;
const FREE_TRIES_OF_ADDRESS = 50;
// Many people may stand behind one address: it is slowed down, never shut out.
const MAX_WAIT_OF_ADDRESS_MS = 5_000;
const FORGET_AFTER_MS = 60 * 60_000;
const MAX_ENTRIES = 20_000;

/**
 * Slows down guessing without giving anyone a way to lock out somebody else: failures count for an account
 * *from an address*, so that the owner signs in from another one while a guesser waits. After five failures
 * the wait doubles from one second to a quarter of an hour.
 */
export class SignInThrottle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws {AppError} limit.exceeded with the seconds to wait. */
  check(account: string, address: string): void {
    const nowMs = this.#clock.monotonicMs();
    const untilMs = Math.max(
      this.#failures.get(`${account}\0${address}`)?.untilMs ?? 0,
      this.#failures.get(address)?.untilMs ?? 0,
    );
    if (untilMs <= nowMs) return;
    throw new AppError('limit.exceeded', 'Too many failed sign-ins. Wait before you try again.', {
      retryAfterSeconds: Math.ceil((untilMs - nowMs) / 1000),
    });
  }

  fail(account: string, address: string): void {
    this.#count(`${account}\0${address}`, FREE_TRIES, MAX_WAIT_MS);
    this.#count(address, FREE_TRIES_OF_ADDRESS, MAX_WAIT_OF_ADDRESS_MS);
  }

  succeed(account: string, address: string): void {
    this.#failures.delete(`${account}\0${address}`);
  }

  #count(key: string, freeTries: number, maxWaitMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#failures.get(key);
    const count = known !== undefined && nowMs - known.lastMs < FORGET_AFTER_MS ? known.count + 1 : 1;
    const waitMs = count < freeTries ? 0 : Math.min(maxWaitMs, 1000 * 2 ** (count - freeTries));
    // Written anew each time, so that the map's order is that of the last failure and the oldest goes first.
    this.#failures.delete(key);
    this.#failures.set(key, { count, untilMs: nowMs + waitMs, lastMs: nowMs });
    if (this.#failures.size > MAX_ENTRIES) {
      const [oldest] = this.#failures.keys();
      if (oldest !== undefined) this.#failures.delete(oldest);
    }
  }
}
