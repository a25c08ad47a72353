/** Segments smaller than this are alike. */
const SMALLEST_ROWS = 64;
/** Sizes grow by this from one tier to the next, and so many of a tier become one of the next. */
const FANOUT = 8;
/** A segment with a larger share of rows gone or moved is made anew. */
const MAX_HIDDEN_RATIO = 0.2;

/** What the policy looks at. */
export interface SegmentSize {
  readonly rowCount: number;
  /** Rows of it that are still as they were made: neither removed nor moved. */
  readonly settledCount: number;
  /** All history, which is merged with its like alone. */
  readonly isCold: boolean;
}

const tierOf = (rows: number): number =>
  Math.floor(Math.log(Math.max(rows, SMALLEST_ROWS) / SMALLEST_ROWS) / Math.log(FANOUT));

/**
 * Which segments to merge next, by place; empty when none. Tiers by size, smallest first: each row is copied once per
 * tier, and there are never more than `FANOUT` segments of one tier for long.
 */
export function pickMerge(sizes: readonly SegmentSize[]): readonly number[] {
  const tiers = new Map<string, { readonly tier: number; readonly places: number[] }>();
  for (const [place, { rowCount, isCold }] of sizes.entries()) {
    const tier = tierOf(rowCount);
    const key = `${isCold} ${tier}`;
    const known = tiers.get(key);
    if (known === undefined) tiers.set(key, { tier, places: [place] });
    else known.places.push(place);
  }
  const [full] = [...tiers.values()]
    .filter(({ places }) => places.length >= FANOUT)
    .toSorted((a, b) => a.tier - b.tier);
  if (full !== undefined) return full.places;
  const worn = sizes.findIndex(
    ({ rowCount, settledCount }) => settledCount < rowCount * (1 - MAX_HIDDEN_RATIO),
  );
  return worn < 0 ? [] : [worn];
}
