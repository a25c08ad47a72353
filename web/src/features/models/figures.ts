/** The middle of some values in milliseconds, and what one in twenty is above. */
interface Quantiles {
  readonly p50: number;
  readonly p95: number;
}

/** How a model fares, as it is shown; what it has not said is undefined. Shares are 0 to 1. */
export interface Figures {
  readonly running: number;
  readonly queued: number;
  /** Tokens a second. */
  readonly reads: number | undefined;
  readonly writes: number | undefined;
  readonly gapMs: Quantiles | undefined;
  readonly queuedMs: Quantiles | undefined;
  readonly firstTokenMs: Quantiles | undefined;
  readonly occupancy: number | undefined;
  readonly cache: number | undefined;
  readonly prefixHits: number | undefined;
}

type Stats = Readonly<Record<string, unknown>>;

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function recordOf(value: unknown): Stats | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function quantilesOf(value: unknown): Quantiles | undefined {
  const record = recordOf(value);
  const [p50, p95] = [numberOf(record?.['p50']), numberOf(record?.['p95'])];
  return p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
}

/** A share of a whole; undefined when there is no whole. */
function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole;
}

/** Reads what a model says of itself; what is no number is left out. */
export function readFigures(stats: Stats): Figures {
  const prefix = recordOf(stats['prefix']);
  const [hits, misses] = [numberOf(prefix?.['hits']), numberOf(prefix?.['misses'])];
  return {
    running: numberOf(stats['running']) ?? 0,
    queued: numberOf(stats['queued']) ?? 0,
    reads: numberOf(stats['prefillTokensPerSecond']),
    writes: numberOf(stats['decodeTokensPerSecond']),
    gapMs: quantilesOf(stats['interTokenMs']),
    queuedMs: quantilesOf(stats['queuedMs']),
    firstTokenMs: quantilesOf(stats['firstTokenMs']),
    occupancy: numberOf(stats['occupancyRatio']),
    cache: shareOf(numberOf(stats['usedTokens']), numberOf(stats['cacheTokens'])),
    prefixHits: shareOf(hits, (hits ?? 0) + (misses ?? 0)),
  };
}
