import type { Clock } from '#contracts/index.ts';
import type { RandomBytes } from './passphrase.ts';

const CHALLENGE_BYTES = 32;
const LIFETIME_MS = 5 * 60_000;
const MAX_OPEN = 10_000;

/** Challenges for passkeys: each is good once, for five minutes, for whom it was issued. */
export class PasskeyChallenges {
  readonly #open = new Map<string, { readonly holder: string; readonly untilMs: number }>();
  readonly #clock: Clock;
  readonly #random: RandomBytes;

  constructor(clock: Clock, random: RandomBytes) {
    this.#clock = clock;
    this.#random = random;
  }

  /** @param holder whom it is for: an account's id, or `sign-in` for whoever comes. */
  issue(holder: string): string {
    const challenge = Buffer.from(this.#random(CHALLENGE_BYTES)).toString('base64url');
    this.#open.set(challenge, { holder, untilMs: this.#clock.monotonicMs() + LIFETIME_MS });
    // In order of issue, so that the first is the oldest.
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#open.delete(oldest);
    return challenge;
  }

  /** Whether the challenge was issued for this holder and is still good; from then on it is not. */
  take(challenge: string, holder: string): boolean {
    const issued = this.#open.get(challenge);
    this.#open.delete(challenge);
    return issued !== undefined && issued.holder === holder && this.#clock.monotonicMs() <= issued.untilMs;
  }
}
