// npm run prove -- <slug> | all [--quick]: measures one promise on the running product, prints its figures
// and fails when it falls short. A proof is a file test/proofs/<slug>.ts that exports `proof`.
import { globSync } from 'node:fs';
import { loadavg, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Proof } from '../test/proofs/proof.ts';
import { root } from './steps.ts';

const HEAVY_LOAD_PER_CORE = 1.5;
const slugs = globSync('test/proofs/*.ts', { cwd: root })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'proof')
  .toSorted();

async function load(slug: string): Promise<Proof> {
  const module: { proof: Proof } = await import(join(root, 'test/proofs', `${slug}.ts`));
  return module.proof;
}

async function runOne(slug: string, isQuick: boolean): Promise<boolean> {
  const proof = await load(slug);
  if (isQuick && proof.quick === false) {
    console.log(`- ${slug}: skipped with --quick (${proof.promise})`);
    return true;
  }
  const loadPerCore = loadavg()[0]! / cpus().length;
  console.log(`\n# ${slug}: ${proof.promise}\n  load per core ${loadPerCore.toFixed(2)}`);
  const startedAt = performance.now();
  const outcome = await proof.run({ isQuick, isHeavilyLoaded: loadPerCore > HEAVY_LOAD_PER_CORE });
  for (const figure of outcome.figures) {
    const mark = figure.verdict === 'met' ? '✓' : figure.verdict === 'missed' ? '✗' : '·';
    console.log(
      `  ${mark} ${figure.name}: ${figure.value}${figure.target ? ` (target ${figure.target})` : ''}`,
    );
  }
  const isMet = outcome.figures.every((figure) => figure.verdict !== 'missed') && outcome.figures.length > 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${isMet ? 'PROVEN' : 'FAILED'} ${slug} in ${seconds} s${outcome.note ? `: ${outcome.note}` : ''}`,
  );
  return isMet;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const wanted = positionals.includes('all') ? slugs : positionals;
const unknown = wanted.filter((slug) => !slugs.includes(slug));
if (wanted.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `No proof is called ${unknown.join(', ')}. ` : ''}Proofs: ${slugs.join(', ')}, or all.`,
  );
  process.exit(2);
}
let failed = 0;
for (const slug of wanted) {
  try {
    if (!(await runOne(slug, values.quick))) failed += 1;
  } catch (error) {
    failed += 1;
    console.error(`FAILED ${slug}:`, error);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
