import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
let used = pool.length;

/**
 * Random bytes, none of them given twice: for ids and nonces, where asking for a few at a time costs more than what
 * they are for. Not for keys: what was given stays in memory for a while.
 * @param count at most 4,096.
 */
export function takeRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return Buffer.from(pool.subarray(used - count, used));
}
