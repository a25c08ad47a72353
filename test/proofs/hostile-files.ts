import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { residentBytes } from '../../src/rag/ingestion/parse/resident-memory.ts';
import { describeSandbox, DocumentParser } from '#rag/index.ts';
import type { EntryResponse } from '../../src/wire/hradlo/index.ts';
import { hostileFiles, mutate, randomOf } from '../support/hostile-files.ts';
import { DocumentCaller } from '../support/ingested-folder.ts';
import { startTestServer } from '../support/server.ts';
import { documentFiles, testDataFolder } from '../support/test-data.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const SIZES = {
  full: { rounds: 10, files: 200, asks: 80 },
  quick: { rounds: 1, files: 16, asks: 12 },
};
const PATIENCE_MS = 2 * 3_600_000;
const FILE_LIMIT_MS = 60_000;
const MAX_SLOWER = 1.1;
const SAMPLE_BYTES = 60_000;
/** It keeps a reader busy up to its limit, which is longer than the quick form may take. */
const LONG = new Set(['inflate.pdf']);
const QUESTIONS = ['Jaká je výpovědní lhůta?', 'Kolik dní dovolené mám?', 'What is the password policy?'];

/** Every reason that was given for a file of the folder and for what it carries. */
function reasonsOf(entries: readonly EntryResponse[], name: string): Set<string> {
  const own = entries.filter(({ path }) => path === name || path.startsWith(`${name}!/`));
  return new Set(own.map(({ reason, state }) => reason?.code ?? state));
}

/** Files of every kind that are small, and from which mutations are made. */
function sources(folder: string): string[] {
  return documentFiles(
    folder,
    '{docling,pdfjs,pdfplumber,tika,mammoth,sheetjs}/**/*.{pdf,docx,xlsx,pptx,odt,ods,rtf,html,eml}',
  ).filter((file) => statSync(file).size < SAMPLE_BYTES);
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;

/** Asks one question after the other; times in milliseconds. */
async function ask(visitor: Visitor, count: number, until: () => boolean): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count && !until(); n++) {
    const startedAt = performance.now();
    const question = QUESTIONS[n % QUESTIONS.length]!;
    const { status } = await visitor.say('POST', '/hradlo/v1/retrieve', { body: { question } });
    if (status !== 200) throw new Error(`a question was answered with ${status}`);
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** The longest time that reading one file took, in milliseconds, as the log tells it. */
function longestRead(output: string): number {
  const lines = output.split('\n').filter((line) => line.includes('document.read'));
  return Math.max(0, ...lines.map((line) => Number(/"durationMs":(\d+)/u.exec(line)?.[1] ?? 0)));
}

/** What cuts readers off on this machine. */
async function activeSandbox(): Promise<string> {
  await using parser = new DocumentParser();
  const active = describeSandbox(parser.sandbox).filter(({ isActive }) => isActive);
  return active.map(({ part }) => part).join(', ');
}

interface Mutated {
  readonly entries: EntryResponse[];
  readonly idle: number[];
  readonly busy: number[];
}

/** Rounds of questions without and with mutated files coming in, one after the other. */
async function takeMutations(
  work: { readonly caller: DocumentCaller; readonly visitor: Visitor; readonly folder: string },
  files: readonly string[],
  size: (typeof SIZES)['full'],
): Promise<Mutated> {
  const random = randomOf(20_261_120);
  const found: Mutated = { entries: [], idle: [], busy: [] };
  for (let round = 0; round < size.rounds; round++) {
    const folder = join(work.folder, `round-${round}`);
    mkdirSync(folder);
    for (let at = 0; at < size.files; at++) {
      const file = files[(round * size.files + at) % files.length]!;
      writeFileSync(join(folder, `${at}${extname(file)}`), mutate(readFileSync(file), random));
    }
    found.idle.push(...(await ask(work.visitor, size.asks, () => false)));
    const sourceId = await work.caller.addFolder(folder, 'nepratele');
    let isDone = false;
    const done = work.caller.whenDone(sourceId, PATIENCE_MS, () => undefined).then(() => (isDone = true));
    found.busy.push(...(await ask(work.visitor, size.asks, () => isDone)));
    await done;
    found.entries.push(...(await work.caller.entries(sourceId)));
  }
  return found;
}

const toldOnly = (name: string, value: string): Figure => informative(name, value);

function figuresOf({ entries, idle, busy }: Mutated, count: number, isQuick: boolean): Figure[] {
  const own = entries.filter(({ path }) => !path.includes('!/'));
  const outcomes = new Map<string, number>();
  for (const { reason, state } of own) {
    const said = reason?.code ?? state;
    outcomes.set(said, (outcomes.get(said) ?? 0) + 1);
  }
  const crashed = own.filter(({ reason }) => reason?.detail['cause'] === 'parser-crashed').length;
  // A few questions say nothing of a percentile.
  const time = isQuick ? toldOnly : timing;
  const ratio = percentile(busy, 0.95) / Math.max(0.1, percentile(idle, 0.95));
  return [
    judged('mutated files that got an answer', `${own.length} of ${count}`, 'all', own.length === count),
    time(
      `p95 of a neighbour's question while they come in, beside p95 without, ${busy.length} and ${idle.length} questions in turn`,
      ratio.toFixed(2),
      `≤ ${MAX_SLOWER}`,
      ratio <= MAX_SLOWER,
    ),
    informative('readers that crashed and were replaced', crashed),
    informative(
      'outcomes of mutated files',
      [...outcomes].map(([name, times]) => `${name} ${times}`).join(', '),
    ),
  ];
}

export const proof: Proof = {
  promise: 'no file harms the service: each comes in or is put aside for a true reason within its limits',
  async run({ isQuick }) {
    const size = isQuick ? SIZES.quick : SIZES.full;
    const folder = mkdtempSync(join(tmpdir(), 'hradlo-hostile-'));
    try {
      await using server = await startTestServer({ environment: { HRADLO_LOG__FORMAT: 'json' } });
      const caller = new DocumentCaller(server.url);
      const data = testDataFolder();
      const hostile = hostileFiles().filter(({ name }) => !isQuick || !LONG.has(name));
      const slips = data === undefined ? [] : documentFiles(data, '../security/zip-slip/*.zip');
      const attacks = join(folder, 'attacks');
      mkdirSync(attacks);
      for (const { name, bytes } of hostile) writeFileSync(join(attacks, name), bytes);
      for (const file of slips) copyFileSync(file, join(attacks, basename(file)));
      const expected = [
        ...hostile,
        ...slips.map((file) => ({ name: basename(file), reasons: ['path-traversal'] })),
      ];
      let peak = 0;
      const sourceId = await caller.addFolder(attacks, 'nepratele');
      await caller.whenDone(sourceId, PATIENCE_MS, () => {
        peak = Math.max(peak, residentBytes(server.process.pid ?? 0));
      });
      const entries = await caller.entries(sourceId);
      const wrong = expected.flatMap(({ name, reasons }) => {
        const said = reasonsOf(entries, name);
        const isTrue = said.size > 0 && (reasons.length === 0 || reasons.some((reason) => said.has(reason)));
        return isTrue ? [] : [`${name}: ${[...said].join(' ') || 'no answer'}`];
      });
      const figures: Figure[] = [
        judged(
          `of ${expected.length} hostile files, answered wrongly`,
          wrong.join('; ') || '0',
          '0',
          wrong.length === 0,
        ),
      ];
      if (data !== undefined) {
        const work = { caller, visitor: new Visitor(server.url), folder };
        const mutated = await takeMutations(work, sources(data), size);
        figures.push(...figuresOf(mutated, size.rounds * size.files, isQuick));
      }
      const longest = longestRead(server.output());
      figures.push(
        (isQuick ? toldOnly : timing)(
          'longest reading of one file',
          `${(longest / 1000).toFixed(1)} s`,
          '≤ 65 s',
          longest > 0 && longest <= FILE_LIMIT_MS + 5000,
        ),
        judged(
          'crashes of the service',
          server.process.exitCode ?? server.process.signalCode ?? '0',
          '0',
          server.process.exitCode === null && server.process.signalCode === null,
        ),
        informative('sandbox of the readers', await activeSandbox()),
        informative('peak memory of the service and its readers', `${(peak / 1024 / 1024).toFixed(0)} MiB`),
      );
      return { figures };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
