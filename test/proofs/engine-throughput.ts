import { runRace } from '#test/engine-race.ts';
import { installYardstick } from '#test/yardstick.ts';
import { informative, timing, type Figure, type Proof } from './proof.ts';

const TARGETS: readonly (readonly [number, number])[] = [
  [1, 0.97],
  [4, 1],
  [8, 1],
  [16, 1.1],
];

export const proof: Proof = {
  promise: 'many answers at once take no longer in all than with the yardstick',
  quick: false,
  async run() {
    if (!(await installYardstick()))
      return { figures: [informative('not compared', 'no registry to install the yardstick from')] };
    const figures: Figure[] = [];
    for (const [streams, target] of TARGETS) {
      const result = await runRace({
        streams,
        threads: 1,
        promptTokens: 128,
        outputTokens: 32,
        requests: Math.max(4, streams * 2),
        rounds: 3,
      });
      const name = `tokens per second at ${streams} streams, against the yardstick`;
      const ratio = result.throughput.toFixed(3);
      const perProcessor = result.throughputPerProcessor;
      figures.push(
        timing(name, ratio, `≥ ${target}`, result.throughput >= target),
        informative('  the same per second of processor time', perProcessor.toFixed(3)),
        informative(
          '  absolute, under the load of this run',
          `${result.ours}; yardstick ${result.yardstick}`,
        ),
      );
    }
    return { figures };
  },
};
