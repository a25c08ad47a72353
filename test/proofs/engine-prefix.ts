import { ask, filler, percentile, startBenchEngine } from '#test/engine-bench.ts';
import { SHAPES } from '#test/tiny-gguf.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const PREFIX_TOKENS = 2_048;

export const proof: Proof = {
  promise:
    'a beginning that was read before is not read again: not for another conversation, and not after it left the cache',
  async run({ isQuick }) {
    const prefixTokens = isQuick ? 512 : PREFIX_TOKENS;
    await using bench = startBenchEngine({
      shape: isQuick ? SHAPES.tiny : SHAPES.m135,
      weights: isQuick ? 'f32' : 'q8_0',
      config: { maxWaitMs: 600_000, answerTimeoutMs: 600_000, spillMegabytes: 1_024 },
      // Room for one such conversation and a half: the next one pushes it out.
      model: { contextTokens: 4096, streams: 1, cacheTokens: Math.round(prefixTokens * 1.7) + 256 },
    });
    await bench.ready();
    await ask(bench.model, filler(64, 999), { maxOutputTokens: 2 });
    const cold: number[] = [];
    const other: number[] = [];
    const spilled: number[] = [];
    const kept = { other: 0, spilled: 0 };
    for (let round = 0; round < (isQuick ? 3 : 5); round++) {
      const prefix = `${round} ${filler(prefixTokens, round + 3)}`;
      const first = await ask(bench.model, `${prefix} first`, { maxOutputTokens: 2 });
      const second = await ask(bench.model, `${prefix} other`, { maxOutputTokens: 2 });
      await ask(bench.model, `push ${round} ${filler(prefixTokens, round + 300)}`, { maxOutputTokens: 2 });
      const third = await ask(bench.model, `${prefix} again`, { maxOutputTokens: 2 });
      cold.push(first.firstMs);
      other.push(second.firstMs);
      spilled.push(third.firstMs);
      kept.other += second.cachedTokens / second.inputTokens;
      kept.spilled += third.cachedTokens / third.inputTokens;
    }
    const median = (values: readonly number[]) => percentile(values, 0.5);
    const otherRatio = median(other) / median(cold);
    const spilledRatio = median(spilled) / median(cold);
    const rounds = cold.length;
    // A prompt of the quick form is too short for the fixed part of an answer to vanish beside it.
    const against = (name: string, ratio: number, most: number) =>
      isQuick
        ? informative(name, `${ratio.toFixed(4)} (${most} at full size)`)
        : timing(name, ratio.toFixed(4), `≤ ${most}`, ratio <= most);
    return {
      figures: [
        informative('first token, cold', `${median(cold).toFixed(0)} ms for ${prefixTokens} tokens`),
        judged(
          'share taken from another conversation',
          (kept.other / rounds).toFixed(3),
          '≥ 0.98',
          kept.other / rounds >= 0.98,
        ),
        judged(
          'share taken back from memory',
          (kept.spilled / rounds).toFixed(3),
          '≥ 0.98',
          kept.spilled / rounds >= 0.98,
        ),
        against('first token in another conversation, against cold', otherRatio, 0.05),
        against('first token after it left the cache, against cold', spilledRatio, 0.1),
      ],
    };
  },
};
