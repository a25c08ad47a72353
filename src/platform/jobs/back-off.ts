const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * Pause before the next try after so many failures: doubling from one second up to five minutes, of which the
 * second half is random, so that what failed together does not come back together.
 * @param random 0 to 1.
 */
export function backOffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random);
}
