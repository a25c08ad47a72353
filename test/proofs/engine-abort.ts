import { ask, filler, percentile, startBenchEngine } from '#test/engine-bench.ts';
import { SHAPES } from '#test/tiny-gguf.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const STEP_TARGET_MS = 200;

export const proof: Proof = {
  promise:
    'a hang-up stops the work, in the middle of a prompt as in the middle of an answer, and only what was made is billed',
  async run({ isQuick }) {
    const count = isQuick ? 40 : 500;
    const shape = isQuick ? SHAPES.tiny : SHAPES.m135;
    await using bench = startBenchEngine({
      shape,
      weights: isQuick ? 'f32' : 'q8_0',
      config: { stepTargetMs: STEP_TARGET_MS, maxWaitMs: 600_000, answerTimeoutMs: 600_000 },
      model: { contextTokens: 2048, streams: 2, cacheTokens: 4096 },
    });
    await bench.ready();
    await ask(bench.model, filler(64, 1), { maxOutputTokens: 4 });
    const stopMs: number[] = [];
    let inPrompt = 0;
    let cancelled = 0;
    let wrongBills = 0;
    for (let index = 0; index < count; index++) {
      const controller = new AbortController();
      let abortedAt = 0;
      const whenMs = ((index * 37) % 100) * (isQuick ? 0.3 : 12);
      const timer = setTimeout(() => {
        abortedAt = performance.now();
        controller.abort();
      }, whenMs);
      // A new beginning each time, so that there is a prompt to be in the middle of.
      const answer = await ask(
        bench.model,
        `${index} ${filler(400, index + 2)}`,
        { maxOutputTokens: 600 },
        { signal: controller.signal },
      );
      clearTimeout(timer);
      if (answer.reason !== 'cancelled') continue;
      cancelled += 1;
      if (answer.outputTokens === 0) inPrompt += 1;
      stopMs.push(performance.now() - abortedAt);
      // Each token brings at most one text; more texts than tokens would be unbilled work, none would be unearned.
      if (answer.gapsMs.length + 1 > answer.outputTokens && answer.text !== '') wrongBills += 1;
    }
    const after = await ask(bench.model, 'still there', { maxOutputTokens: 4 });
    const p99 = percentile(stopMs, 0.99);
    const limit = 1.5 * STEP_TARGET_MS;
    const shown = `p50 ${percentile(stopMs, 0.5).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
    return {
      figures: [
        informative('aborts', `${cancelled} of ${count} answers, ${inPrompt} of them before the first token`),
        timing('time until the work has stopped', shown, `p99 ≤ ${limit} ms`, p99 <= limit),
        judged('bills that do not match what was sent', wrongBills, '0', wrongBills === 0),
        judged('the engine serves on', `${after.outputTokens} tokens`, '4', after.outputTokens === 4),
      ],
      note: isQuick ? 'a tiny shape; the full run takes the shape of 135 million parameters' : '',
    };
  },
};
