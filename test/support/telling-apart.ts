/** Times of the same questions on two systems, by question. */
export interface PairedTimes {
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
}

/** Probability that a time of the second kind is longer than one of the first; 0.5 tells nothing apart. */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  const sorted = first.toSorted((a, b) => a - b);
  let wins = 0;
  for (const time of second) wins += (countBelow(sorted, time) + countBelow(sorted, time, true)) / 2;
  return wins / (first.length * second.length);
}

function countBelow(sorted: readonly number[], limit: number, isIncluded = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const isBelow = isIncluded ? sorted[middle]! <= limit : sorted[middle]! < limit;
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** The same questions on several starts of both, one after the other: each start is a question of its own. */
export const joinStarts = (starts: readonly PairedTimes[]): PairedTimes => ({
  first: starts.flatMap(({ first }) => first),
  second: starts.flatMap(({ second }) => second),
});

/**
 * How well somebody tells two systems apart by time who knows what each question takes by itself: every time is
 * divided by the median of its question over both, since one question takes longer than another on any system.
 */
export function tellApart({ first, second }: PairedTimes): number {
  const relative = (times: PairedTimes['first']): number[] =>
    times.flatMap((ofQuestion, at) => {
      const middle = median([...first[at]!, ...second[at]!]);
      return ofQuestion.map((time) => time / middle);
    });
  return areaUnderCurve(relative(first), relative(second));
}

/**
 * Asks every question `rounds` times of both, interleaved and each first in turn, so that drift and warmth fall on
 * both; the shortest of `repeats` is one sample, as somebody measures who wants to see through the noise.
 * @param ask milliseconds of one question on the first system or the second.
 */
export async function measurePairs(
  { questions, rounds, repeats, warmUp }: Measuring,
  ask: (which: 0 | 1, question: number) => Promise<number>,
): Promise<PairedTimes> {
  const times: [number[][], number[][]] = [[], []];
  for (const side of times) for (let at = 0; at < questions; at++) side.push([]);
  for (let done = 0; done < warmUp; done++) {
    for (const which of [0, 1] as const) await ask(which, done % questions);
  }
  for (let round = 0; round < rounds; round++) {
    for (let question = 0; question < questions; question++) {
      const order = (round + question) % 2 === 0 ? ([1, 0] as const) : ([0, 1] as const);
      const shortest: [number, number] = [Infinity, Infinity];
      for (const which of Array.from({ length: repeats }, () => order).flat())
        shortest[which] = Math.min(shortest[which], await ask(which, question));
      times[0][question]!.push(shortest[0]);
      times[1][question]!.push(shortest[1]);
    }
  }
  return { first: times[0], second: times[1] };
}

export interface Measuring {
  readonly questions: number;
  readonly rounds: number;
  readonly repeats: number;
  /** Questions to each before anything counts. */
  readonly warmUp: number;
}
