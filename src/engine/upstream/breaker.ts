/** When a breaker opens, and for how long. */
export interface BreakerLimits {
  /** Failures within `windowMs` that open it. */
  readonly failures: number;
  readonly windowMs: number;
  readonly openMs: number;
}

/**
 * A circuit breaker: after some failures in a short time nothing is asked for a while; then one call probes, and
 * its outcome closes or reopens. Times are monotonic milliseconds.
 */
export class Breaker {
  readonly #limits: BreakerLimits;
  #failures: number[] = [];
  #openUntilMs = -Infinity;
  #isProbing = false;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
  }

  /** Milliseconds to wait before the next call may be made; 0 when it may be made now. */
  waitMs(nowMs: number): number {
    if (nowMs < this.#openUntilMs) return this.#openUntilMs - nowMs;
    return this.#isProbing ? this.#limits.openMs : 0;
  }

  /** A call begins. Only after `waitMs` said 0. */
  begin(): void {
    if (this.#openUntilMs > -Infinity) this.#isProbing = true;
  }

  succeeded(): void {
    this.#failures = [];
    this.#openUntilMs = -Infinity;
    this.#isProbing = false;
  }

  failed(nowMs: number): void {
    this.#failures = [...this.#failures.filter((atMs) => nowMs - atMs < this.#limits.windowMs), nowMs];
    if (this.#isProbing || this.#failures.length >= this.#limits.failures) {
      this.#openUntilMs = nowMs + this.#limits.openMs;
    }
    this.#isProbing = false;
  }

  /** The caller went away before the outcome was known: it says nothing about the engine. */
  abandoned(): void {
    this.#isProbing = false;
  }
}
