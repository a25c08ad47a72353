/** A token bucket: `amount` at most, refilled evenly over `windowMs`. Levels are whole units and may be in debt. */
export interface BucketShape {
  readonly amount: number;
  readonly windowMs: number;
}

/** How full a bucket was at a time. */
export interface BucketLevel {
  readonly level: number;
  readonly atMs: number;
}

/**
 * How full a bucket is at `nowMs`. Time that runs backwards refills nothing.
 * @see Turner: New directions in communications, IEEE Communications Magazine 24(10), 1986 (leaky bucket).
 */
export function levelAt(shape: BucketShape, { level, atMs }: BucketLevel, nowMs: number): number {
  const refill = (Math.max(0, nowMs - atMs) * shape.amount) / shape.windowMs;
  return Math.min(shape.amount, level + refill);
}

/** Milliseconds until the bucket holds `wanted`; Infinity when it never can. */
export function waitMs(shape: BucketShape, level: number, wanted: number): number {
  if (level >= wanted) return 0;
  if (shape.amount <= 0 || wanted > shape.amount) return Infinity;
  return Math.ceil(((wanted - level) * shape.windowMs) / shape.amount);
}
