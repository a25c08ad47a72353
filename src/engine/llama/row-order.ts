/** Whether the rows of a step go through the model side by side, or each sequence by itself. */
export type RowOrder = 'together' | 'apart';

interface Cost {
  readonly ms: Partial<Record<RowOrder, number>>;
  readonly samples: Record<RowOrder, number>;
  sinceTrial: number;
}

/** More at once are always faster together. */
const MOST_APART = 8;
/** So many are taken for faster apart until it is known better. */
const LIKELY_APART = 3;
/** Steps in each order before one is preferred. */
const FIRST_TRIALS = 3;
/** Steps after which the slower way is tried again: machines and contexts change. */
const STEPS_TO_TRIAL = 200;
const NEW_WEIGHT = 0.3;

/**
 * Learns for each number of running streams which order of rows is faster. On processors whose kernels for one row
 * are much better than those for a few, two to six streams are faster one by one: with 135 million parameters in
 * Q8_0 and one thread, four streams took 33 ms a step apart and 49 ms together; eight at two threads 66 and 35.
 */
export class RowOrders {
  readonly #costs = new Map<number, Cost>();

  /** The order for a step that gives `streams` their next tokens. */
  choose(streams: number): RowOrder {
    if (streams < 2 || streams > MOST_APART) return 'together';
    const { ms, samples, sinceTrial } = this.#costOf(streams);
    if (samples.together < FIRST_TRIALS) return 'together';
    if (samples.apart < FIRST_TRIALS) return 'apart';
    const isTrial = sinceTrial >= STEPS_TO_TRIAL;
    return isFasterApart(ms) === isTrial ? 'together' : 'apart';
  }

  /** The order for a step that also reads a prompt, which teaches nothing about orders. */
  best(streams: number): RowOrder {
    if (streams > MOST_APART) return 'together';
    const { ms } = this.#costOf(streams);
    const isKnown = ms.together !== undefined && ms.apart !== undefined;
    const isApart = isKnown ? isFasterApart(ms) : streams <= LIKELY_APART;
    return isApart ? 'apart' : 'together';
  }

  /** Learns from a step that did nothing else. */
  observe(streams: number, order: RowOrder, elapsedMs: number): void {
    const cost = this.#costOf(streams);
    const old = cost.ms[order];
    cost.ms[order] = old === undefined ? elapsedMs : old * (1 - NEW_WEIGHT) + elapsedMs * NEW_WEIGHT;
    cost.samples[order] += 1;
    cost.sinceTrial = cost.sinceTrial >= STEPS_TO_TRIAL ? 0 : cost.sinceTrial + 1;
  }

  /** What such a step takes, as last seen; of the nearest smaller number where this one was never seen. */
  expectedMs(streams: number): number {
    for (let count = streams; count > 0; count--) {
      const ms = this.#costs.get(count)?.ms;
      const known = [ms?.together, ms?.apart].filter((each) => each !== undefined);
      if (known.length > 0) return Math.min(...known);
    }
    return 0;
  }

  #costOf(streams: number): Cost {
    const known = this.#costs.get(streams);
    if (known !== undefined) return known;
    const cost: Cost = {
      ms: {},
      samples: { together: 0, apart: 0 },
      sinceTrial: 0,
    };
    this.#costs.set(streams, cost);
    return cost;
  }
}

function isFasterApart({
  together = Infinity,
  apart = Infinity,
}: Partial<Record<RowOrder, number>>): boolean {
  return apart < together;
}
