import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describeSandbox, DocumentParser, isQuarantine } from '#rag/index.ts';
import { hostileFiles, mutate, randomOf } from '#test/hostile-files.ts';
import { documentFiles, testDataFolder } from '#test/test-data.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const MUTATIONS = 2000;
const QUICK_MUTATIONS = 60;
const STALL_MS = 20_000;
const QUICK_STALL_MS = 10_000;
const SAMPLE_BYTES = 60_000;

/** Whether every hostile file was refused for a reason that is true, or read without harm. */
async function runHostile(
  parser: DocumentParser,
): Promise<{ wrong: string[]; longestMs: number; count: number }> {
  const wrong: string[] = [];
  let longestMs = 0;
  const files = hostileFiles();
  for (const { name, bytes, reasons } of files) {
    const startedAt = performance.now();
    const outcome = await parser.parse({ bytes, fileName: name });
    longestMs = Math.max(longestMs, performance.now() - startedAt);
    const said = isQuarantine(outcome) ? outcome.quarantine : 'read';
    const isTrue = reasons.length === 0 || reasons.includes(said);
    if (!isTrue) wrong.push(`${name}: ${said}`);
  }
  return { wrong, longestMs, count: files.length };
}

async function runMutations(
  parser: DocumentParser,
  sources: readonly string[],
  count: number,
): Promise<{ longestMs: number; crashes: number; outcomes: Map<string, number> }> {
  const random = randomOf(20_261_120);
  const outcomes = new Map<string, number>();
  let longestMs = 0;
  let crashes = 0;
  for (let index = 0; index < count; index++) {
    const file = sources[index % sources.length]!;
    const bytes = mutate(readFileSync(file), random);
    const startedAt = performance.now();
    const outcome = await parser.parse({ bytes, fileName: basename(file) });
    longestMs = Math.max(longestMs, performance.now() - startedAt);
    const said = isQuarantine(outcome) ? outcome.quarantine : 'read';
    if (isQuarantine(outcome) && outcome.detail['cause'] === 'parser-crashed') crashes += 1;
    outcomes.set(said, (outcomes.get(said) ?? 0) + 1);
  }
  return { longestMs, crashes, outcomes };
}

export const proof: Proof = {
  promise: 'no file harms the service: each is read or refused for a true reason within its limits',
  async run({ isQuick }) {
    const stallMs = isQuick ? QUICK_STALL_MS : STALL_MS;
    await using parser = new DocumentParser({ limits: { stallMs } });
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const hostile = await runHostile(parser);
    const figures: Figure[] = [
      judged(
        `of ${hostile.count} hostile files, answered wrongly`,
        hostile.wrong.join('; ') || '0',
        '0',
        hostile.wrong.length === 0,
      ),
      judged(
        'longest of them',
        `${(hostile.longestMs / 1000).toFixed(1)} s`,
        '≤ 60 s',
        hostile.longestMs <= 60_000,
      ),
    ];
    const folder = testDataFolder();
    if (folder !== undefined) {
      const slips = documentFiles(folder, '../security/zip-slip/*.zip');
      const passed: string[] = [];
      for (const file of slips) {
        const outcome = await parser.parse({ bytes: readFileSync(file), fileName: basename(file) });
        if (!isQuarantine(outcome) || outcome.quarantine !== 'path-traversal') passed.push(basename(file));
      }
      figures.push(
        judged(
          `of ${slips.length} path-traversal archives, not refused as such`,
          passed.join(', ') || '0',
          '0',
          passed.length === 0,
        ),
      );
      const sources = documentFiles(
        folder,
        '{docling,pdfjs,pdfplumber,tika,mammoth,sheetjs}/**/*.{pdf,docx,xlsx,pptx,odt,ods,rtf,html,eml}',
      ).filter((file) => statSync(file).size < SAMPLE_BYTES);
      const count = isQuick ? QUICK_MUTATIONS : MUTATIONS;
      const mutated = await runMutations(parser, sources, count);
      const answered = [...mutated.outcomes.values()].reduce((a, b) => a + b, 0);
      figures.push(
        judged('mutated files answered', `${answered} of ${count}`, 'all', answered === count),
        judged(
          'longest of them',
          `${(mutated.longestMs / 1000).toFixed(1)} s`,
          `≤ ${stallMs / 1000 + 5} s`,
          mutated.longestMs <= stallMs + 5000,
        ),
        informative('children that crashed and were replaced', mutated.crashes),
        informative(
          'outcomes of mutated files',
          [...mutated.outcomes].map(([name, count]) => `${name} ${count}`).join(', '),
        ),
      );
    }
    delay.disable();
    const p95Ms = delay.percentile(95) / 1e6;
    const pause = `${p95Ms.toFixed(1)} ms`;
    figures.push(
      timing('p95 pause of the service meanwhile', pause, '≤ 50 ms', p95Ms <= 50),
      informative('peak memory of a child', `${(parser.peakBytes / 1024 / 1024).toFixed(0)} MiB`),
      informative(
        'sandbox',
        describeSandbox(parser.sandbox)
          .filter(({ isActive }) => isActive)
          .map(({ part }) => part)
          .join(', '),
      ),
    );
    return { figures };
  },
};
