import type { Clock } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';

/** Failed sign-ins of one account from one address, or of one address: in wall time, as they are kept. */
export interface SignInFailures {
  readonly keyHash: string;
  readonly count: number;
  readonly untilMs: number;
  readonly lastMs: number;
}

export interface SignInThrottleDeps {
  readonly clock: Clock;
  /** Keyed: what is kept names nobody. */
  hash(key: string): string;
  /** Keeps failures over a restart; not waited for, since what is in memory holds already. */
  save(failures: SignInFailures): void;
  remove(keyHash: string): void;
}

/** In monotonic time. */
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
 * the wait doubles from one second to a quarter of an hour, and a restart does not end it.
 */
export class SignInThrottle {
  readonly #deps: SignInThrottleDeps;
  readonly #failures = new Map<string, Failures>();

  constructor(deps: SignInThrottleDeps) {
    this.#deps = deps;
  }

  /** Since when failures count. */
  get sinceMs(): number {
    return this.#deps.clock.nowMs() - FORGET_AFTER_MS;
  }

  /** Takes up what was kept, oldest first. Nobody waits longer than they were told, whatever the clock did. */
  restore(kept: readonly SignInFailures[]): void {
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    const wallMs = clock.nowMs();
    for (const { keyHash, count, untilMs, lastMs } of kept.slice(-MAX_ENTRIES)) {
      this.#failures.set(keyHash, {
        count,
        untilMs: nowMs + Math.min(MAX_WAIT_MS, untilMs - wallMs),
        lastMs: nowMs - Math.max(0, wallMs - lastMs),
      });
    }
  }

  /** @throws {AppError} limit.exceeded with the seconds to wait. */
  check(account: string, address: string): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const untilMs = Math.max(
      this.#failures.get(this.#keyOf(address, account))?.untilMs ?? 0,
      this.#failures.get(this.#keyOf(address))?.untilMs ?? 0,
    );
    if (untilMs <= nowMs) return;
    throw new AppError('limit.exceeded', 'Too many failed sign-ins. Wait before you try again.', {
      retryAfterSeconds: Math.ceil((untilMs - nowMs) / 1000),
    });
  }

  fail(account: string, address: string): void {
    this.#count(this.#keyOf(address, account), FREE_TRIES, MAX_WAIT_MS);
    this.#count(this.#keyOf(address), FREE_TRIES_OF_ADDRESS, MAX_WAIT_OF_ADDRESS_MS);
  }

  succeed(account: string, address: string): void {
    const key = this.#keyOf(address, account);
    if (this.#failures.delete(key)) this.#deps.remove(key);
  }

  #keyOf(address: string, account = ''): string {
    return this.#deps.hash(`${account}\0${address}`);
  }

  #count(key: string, freeTries: number, maxWaitMs: number): void {
    const { clock, save } = this.#deps;
    const nowMs = clock.monotonicMs();
    const known = this.#failures.get(key);
    const count = known !== undefined && nowMs - known.lastMs < FORGET_AFTER_MS ? known.count + 1 : 1;
    const waitMs = count < freeTries ? 0 : Math.min(maxWaitMs, 1000 * 2 ** (count - freeTries));
    // Written anew each time, so that the map's order is that of the last failure and the oldest goes first.
    this.#failures.delete(key);
    this.#failures.set(key, { count, untilMs: nowMs + waitMs, lastMs: nowMs });
    const lastMs = clock.nowMs();
    save({ keyHash: key, count, untilMs: lastMs + waitMs, lastMs });
    if (this.#failures.size > MAX_ENTRIES) {
      const [oldest] = this.#failures.keys();
      if (oldest !== undefined) this.#failures.delete(oldest);
    }
  }
}
