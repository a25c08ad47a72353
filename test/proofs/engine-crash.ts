import { truncateSync } from 'node:fs';
import { isAppError } from '#core/index.ts';
import { ask, filler, percentile, startBenchEngine } from '#test/engine-bench.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

/** Longer than any client here may wait. */
const HUNG_MS = 30_000;

interface Outcomes {
  ended: number;
  crashed: number;
  unavailable: number;
  malformed: number;
  hung: number;
}

async function outcome(work: Promise<unknown>, outcomes: Outcomes): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<'hung'>((resolve) => {
    timer = setTimeout(() => resolve('hung'), HUNG_MS);
  });
  try {
    if ((await Promise.race([work, hung])) === 'hung') outcomes.hung += 1;
    else outcomes.ended += 1;
  } catch (error) {
    if (isAppError(error, 'engine.crashed')) outcomes.crashed += 1;
    else if (isAppError(error, 'engine.unavailable')) outcomes.unavailable += 1;
    else outcomes.malformed += 1;
  } finally {
    clearTimeout(timer);
  }
}

export const proof: Proof = {
  promise: 'a crash of the engine is a clear error for those in flight and a pause of seconds for the rest',
  async run({ isQuick }) {
    const kills = isQuick ? 5 : 50;
    // Each kill gets an engine with no past: the rest after a loop of crashes is another promise.
    const outcomes: Outcomes = { ended: 0, crashed: 0, unavailable: 0, malformed: 0, hung: 0 };
    const backMs: number[] = [];
    let served = 0;
    let remaining = kills;
    while (remaining > 0) {
      await using bench = startBenchEngine({ model: { streams: 4, contextTokens: 1024 } });
      await bench.ready();
      await ask(bench.model, 'warm', { maxOutputTokens: 2 });
      for (let kill = 0; kill < 2 && remaining > 0; kill++, remaining--) {
        const inFlight = [1, 2, 3].map((index) =>
          outcome(ask(bench.model, filler(40, index), { maxOutputTokens: 900 }), outcomes),
        );
        await new Promise((resolve) => setTimeout(resolve, 5 + ((remaining * 7) % 40)));
        process.kill(bench.pid(), 'SIGKILL');
        const killedAt = performance.now();
        await Promise.all(inFlight);
        const answer = await ask(bench.model, 'are you there', { maxOutputTokens: 3 });
        if (answer.outputTokens === 3) served += 1;
        backMs.push(performance.now() - killedAt);
      }
    }
    const stopped = await stopAndWatch(outcomes);
    const bad = await badFile();
    const tooLarge = await tooLargeContext();
    const back = `p50 ${percentile(backMs, 0.5).toFixed(0)} ms, most ${Math.max(...backMs).toFixed(0)} ms`;
    return {
      figures: [
        informative(
          'requests in flight',
          `${outcomes.crashed} engine.crashed, ${outcomes.ended} had ended, ${outcomes.unavailable} unavailable`,
        ),
        judged('clients left hanging', outcomes.hung, '0', outcomes.hung === 0),
        judged('errors without a code', outcomes.malformed, '0', outcomes.malformed === 0),
        judged('served again after a kill', `${served} of ${kills}`, 'all', served === kills),
        timing('from the kill to the next answer', back, '≤ 2 s', Math.max(...backMs) <= 2_000),
        judged('a process that hangs is ended and replaced', stopped, 'yes', stopped === 'yes'),
        judged('a file cut short after the judgement', bad, 'refused', bad.startsWith('refused')),
        judged('a context larger than the memory', tooLarge, 'refused', tooLarge.startsWith('refused')),
      ],
    };
  },
};

/** Stops the process in the middle of its work, as a hang would, and waits for the supervisor to notice. */
async function stopAndWatch(outcomes: Outcomes): Promise<string> {
  await using bench = startBenchEngine({ config: { hangMs: 3_000 } });
  await bench.ready();
  const before = bench.pid();
  const inFlight = outcome(ask(bench.model, filler(40, 1), { maxOutputTokens: 900 }), outcomes);
  process.kill(before, 'SIGSTOP');
  await inFlight;
  const answer = await ask(bench.model, 'again', { maxOutputTokens: 3 });
  return answer.outputTokens === 3 && bench.pid() !== before ? 'yes' : 'no';
}

async function badFile(): Promise<string> {
  await using bench = startBenchEngine({ beforeStart: (path) => truncateSync(path, 300_000) });
  return await settled(bench.ready());
}

async function tooLargeContext(): Promise<string> {
  await using bench = startBenchEngine({ model: { cacheTokens: 2_000_000_000 } });
  return await settled(bench.ready());
}

async function settled(ready: Promise<void>): Promise<string> {
  try {
    await ready;
    return 'loaded';
  } catch (error) {
    return error instanceof Error ? error.message.replace('the model was ', '') : 'failed';
  }
}
