import { runRace } from '#test/engine-race.ts';
import { installYardstick } from '#test/yardstick.ts';
import { informative, timing, type Proof } from './proof.ts';

const TARGET = 1.25;

export const proof: Proof = {
  promise: 'a single answer is written faster at two threads, because the threads stay',
  quick: false,
  async run() {
    if (!(await installYardstick()))
      return { figures: [informative('not compared', 'no registry to install the yardstick from')] };
    const race = { streams: 1, promptTokens: 32, outputTokens: 96, requests: 3, rounds: 3 };
    const two = await runRace({ ...race, threads: 2 });
    const one = await runRace({ ...race, threads: 1 });
    const ratio = two.decode.toFixed(3);
    const name = 'tokens per second while writing, 2 threads, against the yardstick';
    return {
      figures: [
        timing(name, ratio, `≥ ${TARGET}`, two.decode >= TARGET),
        informative('the same with one thread', one.decode.toFixed(3)),
        informative('absolute, under the load of this run', `${two.ours}; yardstick ${two.yardstick}`),
      ],
      note: 'threads that wait for each other suffer most from a busy machine: judge it on a quiet one',
    };
  },
};
