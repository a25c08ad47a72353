// Hybrid search at 100,000 chunks against LanceDB, question by question in turns on one core, so that what disturbs
// one disturbs the other. LanceDB is installed to a temporary folder, never into the project.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const PACKAGES = ['@lancedb/lancedb@0.37.1', 'apache-arrow@18.1.0'];
const RUNNER = fileURLToPath(new URL('../bench/index-race-run.ts', import.meta.url));
const CHUNKS = 100_000;
/** 95th percentile of ours over theirs, at most. */
const GOALS: Readonly<Record<string, number>> = { '100 %': 0.6, '10 %': 0.25, '1 %': 0.2 };

interface Share {
  readonly own: readonly number[];
  readonly other: readonly number[];
  readonly ownRecall: number;
  readonly otherRecall: number;
}

function install(): string {
  const folder = join(tmpdir(), 'hradlo-race-packages');
  if (!existsSync(join(folder, 'node_modules/@lancedb/lancedb'))) {
    mkdirSync(folder, { recursive: true });
    const flags = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', ...PACKAGES];
    execFileSync('npm', flags, { cwd: folder, stdio: 'ignore' });
  }
  return folder;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

export const proof: Proof = {
  promise: 'hybrid search under a filter is faster than a leading embedded engine, and loses nothing',
  quick: false,
  async run() {
    const output = execFileSync(
      process.execPath,
      ['--max-old-space-size=6000', RUNNER, install(), String(CHUNKS)],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        maxBuffer: 1 << 26,
      },
    );
    const results = JSON.parse(output) as Record<string, Share>;
    const figures = Object.entries(results).flatMap(([share, found]): Figure[] => {
      const [ours, theirs] = [percentile(found.own, 0.95), percentile(found.other, 0.95)];
      const times = (values: readonly number[]): string =>
        `${percentile(values, 0.5).toFixed(2)}/${percentile(values, 0.95).toFixed(2)}`;
      const goal = GOALS[share]!;
      return [
        informative(
          `p50/p95 in ms of ours and theirs, ${share} visible`,
          `${times(found.own)} and ${times(found.other)}`,
        ),
        timing(
          `p95 over theirs, ${share} visible`,
          (ours / theirs).toFixed(3),
          `≤ ${goal}`,
          ours / theirs <= goal,
        ),
        judged(
          `recall@10, ${share} visible (theirs ${found.otherRecall.toFixed(3)})`,
          found.ownRecall.toFixed(4),
          '≥ 0.999',
          found.ownRecall >= 0.999,
        ),
      ];
    });
    const [narrow, wide] = [results['1 %'], results['100 %']];
    if (narrow !== undefined && wide !== undefined) {
      const ratio = percentile(narrow.own, 0.5) / percentile(wide.own, 0.5);
      figures.push(timing('p50 at 1 % over p50 at 100 %', ratio.toFixed(3), '≤ 0.2', ratio <= 0.2));
    }
    return { figures, note: `${CHUNKS} chunks, ${PACKAGES[0]} with its default HNSW-SQ` };
  },
};
