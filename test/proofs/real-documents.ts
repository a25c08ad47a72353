import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { residentBytes } from '../../src/rag/ingestion/parse/resident-memory.ts';
import type { EntryResponse } from '../../src/wire/hradlo/index.ts';
import { DocumentCaller } from '../support/ingested-folder.ts';
import { plainWords } from '../support/plain-words.ts';
import { startTestServer } from '../support/server.ts';
import { documentFiles, NO_TEST_DATA, skipped, testDataFolder } from '../support/test-data.ts';
import { informative, judged, type Proof } from './proof.ts';

const INDEXED_TARGET = 0.95;
const WORDS_TARGET = 0.9;
const PATIENCE_MS = 3 * 3_600_000;
/** Words below which a file has nothing to compare. */
const MIN_WORDS = 5;
/** Reasons that say something of the file and not of us: locked, broken, without text, or an attack. */
const OWN_FAULT = new Set([
  'encrypted',
  'wrong-password',
  'encryption-unsupported',
  'damaged',
  'empty',
  'archive-bomb',
  'path-traversal',
  'external-entity',
  'too-many-pages',
]);
/** What an independent reader would not find words in, if it is true. */
const WORDLESS = new Set(['empty', 'damaged', 'encrypted', 'unsupported-type']);
/** What the sets call hostile or broken on purpose. */
const HOSTILE = /fuzzed|bomb|droste|truncated|corrupt|notaZip|poppler-\d|quine/iu;
/** Files about the files: expected results and descriptions. */
const ABOUT = /\/groundtruth\/|\.(?:rst|hocr|uzn|json)$|-(?:reg|str)\.xml$|\.gt\.txt$/u;

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{2,}/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** The share of the words of plain extraction that our text or our list of what was removed holds. */
function wordShare(text: string, plain: string): number | undefined {
  const expected = countWords(plain);
  const total = [...expected.values()].reduce((a, b) => a + b, 0);
  if (total < MIN_WORDS) return undefined;
  const found = countWords(text);
  let kept = 0;
  for (const [word, count] of expected) kept += Math.min(count, found.get(word) ?? 0);
  return kept / total;
}

/** Whether an independent reader finds words where we say that none can be found. */
async function isContradicted(file: string, code: string): Promise<boolean> {
  if (!WORDLESS.has(code)) return false;
  const plain = await plainWords(file, readFileSync(file));
  return plain !== undefined && (plain.match(/\p{L}{2,}/gu)?.length ?? 0) >= MIN_WORDS;
}

/** The sample lies in a folder of its own; the whole is read where it is. */
function sampleOf(root: string, files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-real-'));
  for (const file of files) cpSync(file, join(folder, relative(root, file)));
  return folder;
}

interface Judgement {
  counted: number;
  indexed: number;
  readonly shares: { readonly file: string; readonly share: number }[];
  readonly refused: string[];
  readonly untrue: string[];
}

async function judge(
  caller: DocumentCaller,
  file: string,
  entry: EntryResponse,
  so: Judgement,
): Promise<void> {
  const code = entry.reason?.code ?? '';
  const isExcused = HOSTILE.test(file) || OWN_FAULT.has(code);
  if (!isExcused) so.counted += 1;
  if (entry.state !== 'indexed') {
    if (!isExcused) so.refused.push(`${entry.path}: ${code} ${entry.reason?.detail['type'] ?? ''}`.trim());
    if (!HOSTILE.test(file) && (await isContradicted(file, code))) so.untrue.push(`${entry.path}: ${code}`);
    return;
  }
  if (!isExcused) so.indexed += 1;
  const plain = entry.documentId === null ? undefined : await plainWords(file, readFileSync(file));
  const share = plain === undefined ? undefined : wordShare(await caller.textOf(entry.documentId!), plain);
  if (share !== undefined) so.shares.push({ file: entry.path, share });
}

export const proof: Proof = {
  promise: 'every file of a real collection comes into the product or is put aside for a true reason',
  async run({ isQuick }) {
    const data = testDataFolder();
    if (data === undefined) return skipped(NO_TEST_DATA);
    const root = join(data, 'documents');
    const all = documentFiles(data, '**/*.*');
    const quick = all.filter((file, index) => index % 40 === 0 && !/ocr|\.(?:png|jpe?g|tiff?)$/u.test(file));
    const folder = isQuick ? sampleOf(root, quick) : root;
    try {
      await using server = await startTestServer({ environment: { HRADLO_SAMPLES__LOAD: 'false' } });
      const caller = new DocumentCaller(server.url);
      let peak = 0;
      const startedAt = performance.now();
      const sourceId = await caller.addFolder(folder, 'skutecne');
      await caller.whenDone(sourceId, PATIENCE_MS, () => {
        peak = Math.max(peak, residentBytes(server.process.pid ?? 0));
      });
      const seconds = (performance.now() - startedAt) / 1000;
      const entries = await caller.entries(sourceId);
      const outcomes = new Map<string, number>();
      const so: Judgement = { counted: 0, indexed: 0, shares: [], refused: [], untrue: [] };
      for (const entry of entries) {
        const said = entry.reason?.code ?? entry.state;
        outcomes.set(said, (outcomes.get(said) ?? 0) + 1);
        const file = join(root, entry.path);
        if (!entry.path.includes('!/') && !ABOUT.test(file)) await judge(caller, file, entry, so);
      }
      const mean = so.shares.reduce((sum, { share }) => sum + share, 0) / Math.max(1, so.shares.length);
      const low = so.shares
        .filter(({ share }) => share < WORDS_TARGET)
        .toSorted((a, b) => a.share - b.share)
        .map(({ file, share }) => `${file} ${share.toFixed(2)}`);
      const pages = entries.reduce((sum, entry) => sum + Math.max(1, entry.pages ?? 1), 0);
      const isUp = server.process.exitCode === null;
      return {
        figures: [
          judged(
            `files that got an answer, of ${isQuick ? quick.length : all.length}; the service still runs`,
            `${entries.filter(({ path }) => !path.includes('!/')).length}, ${isUp}`,
            'all',
            isUp && entries.every(({ state }) => state !== 'queued'),
          ),
          judged(
            `of ${so.counted} files that are whole, open and hold text, indexed`,
            (so.indexed / Math.max(1, so.counted)).toFixed(3),
            `≥ ${INDEXED_TARGET}`,
            so.indexed >= INDEXED_TARGET * so.counted,
          ),
          judged(
            `words of plain extraction that are kept or listed, mean of ${so.shares.length} files`,
            mean.toFixed(3),
            `≥ ${WORDS_TARGET}`,
            mean >= WORDS_TARGET,
          ),
          judged(
            'reasons that an independent reader contradicts: it finds words where we say there are none',
            so.untrue.join('; ') || '0',
            '0',
            so.untrue.length === 0,
          ),
          informative(`files below ${WORDS_TARGET}`, `${low.length}: ${low.slice(0, 12).join(', ')}`),
          informative('not indexed', so.refused.slice(0, 40).join('; ') || 'none'),
          informative('outcomes', [...outcomes].map(([name, count]) => `${name} ${count}`).join(', ')),
          informative('pages per second', (pages / seconds).toFixed(1)),
          informative('peak memory of the service and its readers', `${(peak / 1024 / 1024).toFixed(0)} MiB`),
        ],
      };
    } finally {
      if (isQuick) rmSync(folder, { recursive: true, force: true });
    }
  },
};
