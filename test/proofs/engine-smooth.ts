import {
  ask,
  filler,
  percentile,
  processorSeconds,
  startBenchEngine,
  type BenchEngine,
} from '#test/engine-bench.ts';
import { SHAPES } from '#test/tiny-gguf.ts';
import { informative, timing, type Proof } from './proof.ts';

const LONG_TOKENS = 2_048;

interface Round {
  readonly worstGapMs: number;
  readonly prefillMs: number;
  readonly tokensPerSecond: number;
  /** The same per second of processor time: holds on a busy machine too. */
  readonly tokensPerProcessorSecond: number;
}

function startBench(stepTargetMs: number): BenchEngine {
  return startBenchEngine({
    shape: SHAPES.m135,
    weights: 'q8_0',
    config: { stepTargetMs, maxWaitMs: 600_000, answerTimeoutMs: 600_000 },
    model: { contextTokens: 4096, streams: 2, cacheTokens: 8192 },
  });
}

/** The worst gap in a running stream while a long prompt is read, and how long that took. */
async function runRound({ model, pid }: BenchEngine, round: number): Promise<Round> {
  const controller = new AbortController();
  const { signal } = controller;
  const running = ask(model, filler(32, round + 7), { maxOutputTokens: 2_000 }, { signal });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const startedAt = performance.now();
  const usedBefore = processorSeconds(pid());
  const long = await ask(model, `${round} ${filler(LONG_TOKENS, round + 50)}`, { maxOutputTokens: 1 });
  controller.abort();
  const { gapsMs } = await running;
  const elapsedMs = performance.now() - startedAt;
  const used = processorSeconds(pid()) - usedBefore;
  return {
    worstGapMs: Math.max(...gapsMs),
    prefillMs: long.firstMs,
    tokensPerSecond: (long.inputTokens / elapsedMs) * 1000,
    tokensPerProcessorSecond: long.inputTokens / used,
  };
}

/** Each number by itself. */
function medians(rounds: readonly Round[]): Round {
  const median = (pick: (round: Round) => number) => percentile(rounds.map(pick), 0.5);
  return {
    worstGapMs: median(({ worstGapMs }) => worstGapMs),
    prefillMs: median(({ prefillMs }) => prefillMs),
    tokensPerSecond: median(({ tokensPerSecond }) => tokensPerSecond),
    tokensPerProcessorSecond: median(({ tokensPerProcessorSecond }) => tokensPerProcessorSecond),
  };
}

export const proof: Proof = {
  promise: 'an answer goes on smoothly while a long prompt arrives',
  quick: false,
  async run({ isQuick }) {
    await using small = startBench(200);
    // A step without a limit in practice: the whole of the batch at once.
    await using large = startBench(5_000);
    const rounds = { small: [] as Round[], large: [] as Round[] };
    for (const bench of [small, large]) {
      await bench.ready();
      await ask(bench.model, filler(64, 1), { maxOutputTokens: 8 });
    }
    // By turns, so that what else the machine does falls on both alike.
    for (let round = 0; round < (isQuick ? 1 : 5); round++) {
      rounds.small.push(await runRound(small, round));
      rounds.large.push(await runRound(large, round));
    }
    const [smooth, whole] = [medians(rounds.small), medians(rounds.large)];
    const gap = smooth.worstGapMs / smooth.prefillMs;
    const kept = smooth.tokensPerSecond / whole.tokensPerSecond;
    const keptPerProcessor = smooth.tokensPerProcessorSecond / whole.tokensPerProcessorSecond;
    const gapText = `${gap.toFixed(3)} of the prefill (${smooth.worstGapMs.toFixed(0)} of ${smooth.prefillMs.toFixed(0)} ms)`;
    return {
      figures: [
        timing('worst gap', gapText, '≤ 0.08', gap <= 0.08),
        informative(
          'worst gap without small steps',
          `${(whole.worstGapMs / whole.prefillMs).toFixed(3)} of the prefill (${whole.worstGapMs.toFixed(0)} ms)`,
        ),
        timing('prompt tokens per second, against large steps', kept.toFixed(3), '≥ 0.97', kept >= 0.97),
        informative('  the same per second of processor time', keptPerProcessor.toFixed(3)),
      ],
    };
  },
};
