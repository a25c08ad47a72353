// npm run prove -- <slug> | all [--quick]: measures one promise on the running product, prints its figures
// and fails when it falls short. A proof is a file test/proofs/<slug>.ts that exports `proof`.
import { globSync } from 'node:fs';
import { loadavg, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure, Proof } from '../test/proofs/proof.ts';
import { root } from './steps.ts';

/** How often the quick form measures a missed time again: samples are small and machines shared. */
const QUICK_ATTEMPTS = 3;
/** Longer ones are not measured again. */
const SHORT_MS = 20_000;
const slugs = globSync('test/proofs/*.ts', { cwd: root })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'proof')
  .toSorted();

async function load(slug: string): Promise<Proof> {
  const module: { proof: Proof } = await import(join(root, 'test/proofs', `${slug}.ts`));
  return module.proof;
}

/** What part of a processor a busy thread gets here, 0 to 1: below 0.9 others take from every time measured. */
function measureShare(): number {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  while (performance.now() - startedAt < 150);
  const { user, system } = process.cpuUsage(before);
  return Math.min(1, (user + system) / 1000 / (performance.now() - startedAt));
}

const MARKS = { met: '✓', missed: '✗', informative: '·' };

function printFigures(figures: readonly Figure[]): void {
  for (const { name, value, target, verdict } of figures)
    console.log(`  ${MARKS[verdict]} ${name}: ${value}${target ? ` (target ${target})` : ''}`);
}

const isMissed = ({ verdict }: Figure): boolean => verdict === 'missed';

/** The quick form's second and third look at times that were missed; whatever else is missed stays missed. */
async function measureAgain(proof: Proof, first: readonly Figure[]): Promise<readonly Figure[]> {
  let figures = first;
  const met = new Set<string>();
  for (let attempt = 2; attempt <= QUICK_ATTEMPTS; attempt++) {
    const missed = figures.filter(isMissed);
    if (missed.length === 0 || missed.some(({ isTiming }) => isTiming !== true)) break;
    console.log(`  a time was missed: measured again, ${attempt} of ${QUICK_ATTEMPTS}`);
    for (const { name, verdict } of figures) if (verdict === 'met') met.add(name);
    const next = (await proof.run({ isQuick: true })).figures;
    printFigures(next);
    figures = next.map((figure): Figure =>
      figure.isTiming === true && met.has(figure.name) ? { ...figure, verdict: 'met' } : figure,
    );
  }
  return figures;
}

/** Names of times that a quick proof missed in every attempt. */
const late: string[] = [];

async function runOne(slug: string, isQuick: boolean): Promise<boolean> {
  const proof = await load(slug);
  if (isQuick && proof.quick === false) {
    console.log(`- ${slug}: skipped with --quick (${proof.promise})`);
    return true;
  }
  const loadPerCore = loadavg()[0]! / cpus().length;
  console.log(
    `\n# ${slug}: ${proof.promise}\n  load per core ${loadPerCore.toFixed(2)}, share of a core ${measureShare().toFixed(2)}`,
  );
  const startedAt = performance.now();
  const outcome = await proof.run({ isQuick });
  printFigures(outcome.figures);
  const isShort = performance.now() - startedAt < SHORT_MS;
  const figures = isQuick && isShort ? await measureAgain(proof, outcome.figures) : outcome.figures;
  const missed = figures.filter(isMissed);
  const isOnlyLate = isQuick && missed.every(({ isTiming }) => isTiming === true);
  if (isOnlyLate) late.push(...missed.map(({ name }) => `${slug}: ${name}`));
  const isMet = figures.length > 0 && (missed.length === 0 || isOnlyLate);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const verdict = !isMet ? 'FAILED' : missed.length > 0 ? 'LATE' : 'PROVEN';
  console.log(`${verdict} ${slug} in ${seconds} s${outcome.note ? `: ${outcome.note}` : ''}`);
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
if (late.length > 0)
  console.log(`\nTimes missed by the quick form, for the full form to judge:\n  ${late.join('\n  ')}`);
process.exitCode = failed === 0 ? 0 : 1;
