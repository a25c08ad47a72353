// The main loop only passes things on: reading, embedding, indexing, searching and writing are done by threads and
// children. Measured as how late the loop is while questions are answered and documents come in.
import { runBusyServer } from '../support/busy-server.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const GOAL_MS = 5;

export const proof: Proof = {
  promise: 'while documents come in and questions are answered, the main loop is hardly ever late',
  async run({ isQuick }) {
    const found = await runBusyServer(
      isQuick ? { documents: 40, seconds: 4 } : { documents: 1000, seconds: 30 },
    );
    const { p50, p99, max } = found.loopDelayMs;
    const value = `${p99.toFixed(2)} ms (p50 ${p50.toFixed(2)}, most ${max.toFixed(1)})`;
    return {
      figures: [
        timing('delay of the main loop, p99', value, `≤ ${GOAL_MS} ms`, p99 <= GOAL_MS),
        informative('the same with nothing going on', `${found.restingP99Ms.toFixed(2)} ms`),
        judged('documents that came in meanwhile', `${found.taken}`, '> 0', found.taken > 0),
        informative('questions answered meanwhile', `${found.busy.length}`),
      ],
    };
  },
};
