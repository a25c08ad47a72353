import { runRace } from '#test/engine-race.ts';
import { installYardstick } from '#test/yardstick.ts';
import { informative, timing, type Figure, type Proof } from './proof.ts';

const TARGET = 0.8;

export const proof: Proof = {
  promise: 'with many at once the first token comes sooner, because prompts are read one after the other',
  quick: false,
  async run() {
    if (!(await installYardstick()))
      return { figures: [informative('not compared', 'no registry to install the yardstick from')] };
    const figures: Figure[] = [];
    for (const streams of [8, 16]) {
      const result = await runRace({
        streams,
        threads: 1,
        promptTokens: 128,
        outputTokens: 32,
        requests: streams * 2,
        rounds: 3,
      });
      const name = `first token p50 at ${streams} streams, against the yardstick`;
      const ratio = result.firstToken.toFixed(3);
      figures.push(
        timing(name, ratio, `≤ ${TARGET}`, result.firstToken <= TARGET),
        informative(
          '  absolute, under the load of this run',
          `${result.ours}; yardstick ${result.yardstick}`,
        ),
      );
    }
    return { figures };
  },
};
