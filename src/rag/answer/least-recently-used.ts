/** How many keys are remembered that were asked for once, for each value that is kept. */
const SEEN_PER_VALUE = 4;

/**
 * Keeps the values used last, up to `capacity`; the one not used for longest goes first. A value is kept from the
 * second time it is asked for: most are asked for once, and what is kept a while costs the collector of garbage more
 * than making it again.
 */
export class LeastRecentlyUsed<Value> {
  readonly #values = new Map<string, Value>();
  readonly #seen = new Set<string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The value kept under `key`, or the one that `make` makes now. */
  getOrMake(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known === undefined && !this.#isSeen(key)) return make();
    const value = known ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#capacity) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    return value;
  }

  #isSeen(key: string): boolean {
    if (this.#seen.delete(key)) return true;
    if (this.#seen.size >= SEEN_PER_VALUE * this.#capacity) this.#seen.clear();
    this.#seen.add(key);
    return false;
  }
}
