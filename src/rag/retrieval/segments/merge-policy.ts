/** Segments smaller than this are alike. */
const SMALLEST_ROWS = 8;
/** Sizes grow by this from one tier to the next, and so many of a tier become one of the next. */
const FANOUT = 8;
/** No merge takes more: while one runs others come, and what they are merged into must not wait long. */
const MOST_AT_ONCE = 2 * FANOUT;
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

/** With more segments than this, merging goes before whatever would add another one: a search looks into each. */
export const MOST_SEGMENTS = 48;

/**
 * Which segments to merge next, by place; empty when none. Tiers by size, smallest first: each row is copied about once
 * per tier, and there are never more than `FANOUT` segments of one tier for long.
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
  if (full !== undefined) {
    const bySize = full.places.toSorted((a, b) => sizes[a]!.rowCount - sizes[b]!.rowCount);
    return bySize.slice(0, MOST_AT_ONCE).toSorted((a, b) => a - b);
  }
  const worn = sizes.findIndex(
    ({ rowCount, settledCount }) => settledCount < rowCount * (1 - MAX_HIDDEN_RATIO),
  );
  return worn < 0 ? [] : [worn];
}
