/** A shared memory's size is counted in these. */
export const PAGE_BYTES = 65_536;

/** Rows that one call of the kernel scores: their scores stay in the first-level cache until they are read. */
export const BLOCK_ROWS = 1024;
/** Most int8 values of a vector. */
export const MAX_STRIDE = 4096;
const OUT_BYTES = BLOCK_ROWS * 4;
const SLOT_BYTES = MAX_STRIDE + OUT_BYTES;
/** Search threads that may scan one memory at the same time; each has its slot for the query and the scores. */
export const MAX_SEARCHERS = 4;
export const SCRATCH_BYTES = SLOT_BYTES * MAX_SEARCHERS;

/** Byte offsets of a search thread's own part of a segment's memory. */
export function scratchOf(searcher: number): { readonly query: number; readonly out: number } {
  if (!(searcher >= 0 && searcher < MAX_SEARCHERS)) throw new RangeError(`no slot for searcher ${searcher}`);
  return { query: searcher * SLOT_BYTES, out: searcher * SLOT_BYTES + MAX_STRIDE };
}
