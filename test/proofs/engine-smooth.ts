import { ask, filler, percentile, startBenchEngine } from '#test/engine-bench.ts';
import { SHAPES } from '#test/tiny-gguf.ts';
import { informative, timing, type Proof } from './proof.ts';

const LONG_TOKENS = 2_048;

/** The worst gap in a running stream while a long prompt is read, and how long that took. */
async function runOnce(stepTargetMs: number, isQuick: boolean) {
  await using bench = startBenchEngine({
    shape: SHAPES.m135,
    weights: 'q8_0',
    config: { stepTargetMs, maxWaitMs: 600_000, answerTimeoutMs: 600_000 },
    model: { contextTokens: 4096, streams: 2, cacheTokens: 8192 },
  });
  await bench.ready();
  await ask(bench.model, filler(64, 1), { maxOutputTokens: 8 });
  const rounds: { worstGapMs: number; prefillMs: number; tokensPerSecond: number }[] = [];
  for (let round = 0; round < (isQuick ? 1 : 3); round++) {
    const controller = new AbortController();
    const running = ask(
      bench.model,
      filler(32, round + 7),
      { maxOutputTokens: 2_000 },
      { signal: controller.signal },
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const startedAt = performance.now();
    const long = await ask(bench.model, `${round} ${filler(LONG_TOKENS, round + 50)}`, {
      maxOutputTokens: 1,
    });
    controller.abort();
    const { gapsMs } = await running;
    const elapsedMs = performance.now() - startedAt;
    rounds.push({
      worstGapMs: Math.max(...gapsMs),
      prefillMs: long.firstMs,
      tokensPerSecond: (long.inputTokens / elapsedMs) * 1000,
    });
  }
  return {
    worstGapMs: percentile(
      rounds.map((round) => round.worstGapMs),
      0.5,
    ),
    prefillMs: percentile(
      rounds.map((round) => round.prefillMs),
      0.5,
    ),
    tokensPerSecond: percentile(
      rounds.map((round) => round.tokensPerSecond),
      0.5,
    ),
  };
}

export const proof: Proof = {
  promise: 'an answer goes on smoothly while a long prompt arrives',
  quick: false,
  async run({ isQuick }) {
    const smooth = await runOnce(200, isQuick);
    // A step without a limit in practice: the whole of the batch at once.
    const whole = await runOnce(5_000, isQuick);
    const gap = smooth.worstGapMs / smooth.prefillMs;
    const kept = smooth.tokensPerSecond / whole.tokensPerSecond;
    const gapText = `${gap.toFixed(3)} of the prefill (${smooth.worstGapMs.toFixed(0)} of ${smooth.prefillMs.toFixed(0)} ms)`;
    return {
      figures: [
        timing('worst gap', gapText, '≤ 0.08', gap <= 0.08),
        informative(
          'worst gap without small steps',
          `${(whole.worstGapMs / whole.prefillMs).toFixed(3)} of the prefill (${whole.worstGapMs.toFixed(0)} ms)`,
        ),
        timing('prompt tokens per second, against large steps', kept.toFixed(3), '≥ 0.97', kept >= 0.97),
      ],
    };
  },
};
