/** The middle of some values, and what one in twenty is above. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
}

/** The last values of something, the oldest overwritten. */
export class RecentValues {
  readonly #values: Float64Array;
  #count = 0;

  /** @param size values that are kept. */
  constructor(size: number) {
    this.#values = new Float64Array(size);
  }

  push(value: number): void {
    this.#values[this.#count % this.#values.length] = value;
    this.#count += 1;
  }

  get sum(): number {
    return this.#known.reduce((total, value) => total + value, 0);
  }

  /** By nearest rank; undefined when there is no value. */
  get quantiles(): Quantiles | undefined {
    const sorted = this.#known.toSorted();
    if (sorted.length === 0) return undefined;
    return { p50: sorted[rankOf(0.5, sorted.length)] ?? 0, p95: sorted[rankOf(0.95, sorted.length)] ?? 0 };
  }

  get #known(): Float64Array {
    return this.#values.subarray(0, Math.min(this.#count, this.#values.length));
  }
}

const rankOf = (share: number, count: number): number => Math.ceil(share * count) - 1;
