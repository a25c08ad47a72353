import { RecentValues, type Quantiles } from './recent-values.ts';

/** One step as it is measured. */
export interface MeasuredStep {
  /** Streams that took part. */
  readonly streams: number;
  readonly decodeTokens: number;
  readonly prefillTokens: number;
  /** Of the step, what the running streams alone would have taken. */
  readonly decodeMs: number;
  readonly elapsedMs: number;
}

/** How a model has fared lately; what was not measured yet is undefined. */
export interface MeterStats {
  readonly decodeTokensPerSecond: number | undefined;
  /** Mean share of the streams it may have at once that a step had, weighted by time; while it works, 0 to 1. */
  readonly occupancyRatio: number | undefined;
  /** Between two tokens of one stream. */
  readonly interTokenMs: Quantiles | undefined;
}

const KEPT_STEPS = 256;
const KEPT_GAPS = 512;

/** Measures steps and the gaps between tokens, over the recent past. Costs a few stores a step. */
export class StepMeter {
  readonly #mostStreams: number;
  readonly #elapsedMs = new RecentValues(KEPT_STEPS);
  readonly #streamMs = new RecentValues(KEPT_STEPS);
  readonly #decodeTokens = new RecentValues(KEPT_STEPS);
  readonly #decodeMs = new RecentValues(KEPT_STEPS);
  readonly #gapsMs = new RecentValues(KEPT_GAPS);

  /** @param mostStreams streams that may run at once. */
  constructor(mostStreams: number) {
    this.#mostStreams = mostStreams;
  }

  step({ streams, decodeTokens, prefillTokens, decodeMs, elapsedMs }: MeasuredStep): void {
    this.#elapsedMs.push(elapsedMs);
    this.#streamMs.push(streams * elapsedMs);
    if (decodeTokens === 0) return;
    this.#decodeTokens.push(decodeTokens);
    this.#decodeMs.push(prefillTokens === 0 ? elapsedMs : Math.min(decodeMs, elapsedMs));
  }

  gap(ms: number): void {
    this.#gapsMs.push(ms);
  }

  get stats(): MeterStats {
    const [elapsedMs, decodeMs] = [this.#elapsedMs.sum, this.#decodeMs.sum];
    return {
      decodeTokensPerSecond: decodeMs > 0 ? (1000 * this.#decodeTokens.sum) / decodeMs : undefined,
      occupancyRatio: elapsedMs > 0 ? this.#streamMs.sum / (elapsedMs * this.#mostStreams) : undefined,
      interTokenMs: this.#gapsMs.quantiles,
    };
  }
}
