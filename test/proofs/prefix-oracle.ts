import { makeId, type TenantId } from '#core/index.ts';
import { ask, filler, startBenchEngine, type BenchEngine } from '#test/engine-bench.ts';
import { judged, timing, type Proof } from './proof.ts';

const PREFIX_TOKENS = { full: 1_200, quick: 500 } as const;

/** Chance that a value of `a` is smaller than one of `b`; 0.5 means that they cannot be told apart. */
function areaUnderCurve(a: readonly number[], b: readonly number[]): number {
  const sorted = b.toSorted((x, y) => x - y);
  const larger = a.map((value) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! > value) high = middle;
      else low = middle + 1;
    }
    return sorted.length - low;
  });
  return larger.reduce((sum, count) => sum + count, 0) / (a.length * b.length);
}

/** How often to guess, and how long the guesses are. */
interface Probes {
  readonly count: number;
  readonly prefixTokens: number;
}

/** Time to the first token of a guess that somebody else has asked, and of one that nobody has. */
async function probe(
  bench: BenchEngine,
  { count, prefixTokens }: Probes,
  attacker: TenantId,
  victim: TenantId,
) {
  const asked: number[] = [];
  const unasked: number[] = [];
  let shared = 0;
  const first = async (text: string, tenantId: TenantId) => {
    const answer = await ask(bench.model, text, { maxOutputTokens: 1 }, { tenantId });
    return { ms: answer.totalMs, cached: answer.cachedTokens };
  };
  for (let index = 0; index < count; index++) {
    const known = `${index} ${filler(prefixTokens, index + 1)}`;
    const unknown = `${index} ${filler(prefixTokens, index + 500_000)}`;
    await first(known, victim);
    // The order changes from round to round, so that neither always comes second.
    const order = index % 2 === 0 ? [known, unknown] : [unknown, known];
    for (const text of order) {
      const { ms, cached } = await first(`${text} x`, attacker);
      (text === known ? asked : unasked).push(ms);
      if (text === known && cached > prefixTokens / 4) shared += 1;
    }
  }
  return { area: areaUnderCurve(asked, unasked), shared };
}

export const proof: Proof = {
  promise: 'nobody learns from the time to the first token what another tenant has asked',
  async run({ isQuick }) {
    await using bench = startBenchEngine({
      model: { streams: 2, contextTokens: 2_048, cacheTokens: 16_384 },
    });
    await bench.ready();
    const [attacker, victim] = [1, 2].map((byte) => makeId('tenant', new Uint8Array(16).fill(byte)));
    const count = isQuick ? 30 : 1_000;
    const prefixTokens = isQuick ? PREFIX_TOKENS.quick : PREFIX_TOKENS.full;
    const across = await probe(bench, { count, prefixTokens }, attacker!, victim!);
    const within = await probe(bench, { count: Math.max(20, count / 10), prefixTokens }, victim!, victim!);
    const width = isQuick ? 0.2 : 0.05;
    const isLevel = Math.abs(across.area - 0.5) <= width;
    const areas = `${across.area.toFixed(3)} over ${count} probes`;
    return {
      figures: [
        judged('beginnings that crossed from one tenant to another', across.shared, '0', across.shared === 0),
        timing('asked told from unasked, by time', areas, `${0.5 - width} to ${0.5 + width}`, isLevel),
        judged(
          'the same within one tenant, where sharing is wanted: the probe is not blind',
          within.area.toFixed(3),
          '> 0.95',
          within.area > 0.95,
        ),
      ],
    };
  },
};
