// What people who ask notice of documents coming in.
import { runBusyServer } from '../support/busy-server.ts';
import { percentile } from '../support/scratch.ts';
import { judged, timing, type Proof } from './proof.ts';

const GOAL = 1.5;

export const proof: Proof = {
  promise: 'questions are answered nearly as fast while documents come in',
  async run({ isQuick }) {
    const found = await runBusyServer(
      isQuick ? { documents: 40, seconds: 4 } : { documents: 1000, seconds: 30 },
    );
    const [idle, busy] = [percentile(found.idle, 0.95), percentile(found.busy, 0.95)];
    const ratio = busy / idle;
    const value = `${ratio.toFixed(2)} (${busy.toFixed(1)} and ${idle.toFixed(1)} ms, ${found.busy.length} and ${found.idle.length} questions)`;
    return {
      figures: [
        timing('p95 of an answer while documents come in over idle', value, `≤ ${GOAL}`, ratio <= GOAL),
        judged('documents that came in meanwhile', `${found.taken}`, '> 0', found.taken > 0),
      ],
    };
  },
};
