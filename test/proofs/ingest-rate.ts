import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestServer } from '../support/server.ts';
import { documentFiles, testDataFolder } from '../support/test-data.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TARGET_RATIO = 0.6;
const QUICK_COPIES = 6;
const FULL_FILES = 150;

/** Digital PDFs: of the public sets where they are at hand, else the samples several times. */
function pdfFiles(isQuick: boolean): string[] {
  const data = isQuick ? undefined : testDataFolder();
  if (data !== undefined) {
    const sets = ['icdar2013-tables/**/*.pdf', 'pdfplumber/**/*.pdf', 'tabula/**/*.pdf', 'docling/pdf/*.pdf'];
    return documentFiles(data, ...sets).slice(0, FULL_FILES);
  }
  const samples = ['smlouvy/najemni-smlouva.pdf', 'smlouvy/smlouva-o-dilo.pdf', 'ceniky/cenik-vyrobku.pdf'];
  const paths = samples.map((path) => join(root, 'samples/corpus', path));
  return Array.from({ length: QUICK_COPIES }, () => paths).flat();
}

interface Extracted {
  readonly pages: number;
  readonly seconds: number;
  readonly readable: readonly string[];
}

/** Plain text of every page with pdf.js alone, in a process of its own, its start not counted. */
function extractPlainly(files: readonly string[]): Extracted {
  const script = join(root, 'test/bench/plain-pdf-text.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
    input: JSON.stringify(files),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`plain extraction failed: ${stderr}`);
  return JSON.parse(stdout) as Extracted;
}

interface Progress {
  readonly state: string;
  readonly pages: { readonly done: number };
  readonly files: Readonly<Record<string, number>>;
}

/** Takes a folder in through the product, from the request until everything may be asked. */
async function ingest(folder: string): Promise<{ seconds: number; last: Progress }> {
  await using server = await startTestServer({ environment: { HRADLO_SAMPLES__LOAD: 'false' } });
  const visitor = new Visitor(server.url);
  const startedAt = performance.now();
  const source = await visitor.expect(202, 'POST', '/hradlo/v1/sources', { collection: 'pokus', folder });
  const heard = await visitor.say('GET', `/hradlo/v1/sources/${String(source['id'])}/progress`);
  const seconds = (performance.now() - startedAt) / 1000;
  const events = heard.text.split('\n\n').filter((line) => line.startsWith('data: '));
  return { seconds, last: JSON.parse(events.at(-1)!.slice('data: '.length)) as Progress };
}

export const proof: Proof = {
  promise: 'documents come in at a rate near that of taking their plain text alone',
  async run({ isQuick }) {
    const plain = extractPlainly(pdfFiles(isQuick));
    const folder = mkdtempSync(join(tmpdir(), 'hradlo-rate-'));
    try {
      for (const [index, file] of plain.readable.entries()) {
        mkdirSync(join(folder, String(index)));
        cpSync(file, join(folder, String(index), basename(file)));
      }
      const { seconds, last } = await ingest(folder);
      const [plainRate, rate] = [plain.pages / plain.seconds, last.pages.done / seconds];
      const ratio = rate / plainRate;
      const indexed = last.files['indexed'] ?? 0;
      const megabytes = plain.readable.reduce((sum, file) => sum + readFileSync(file).length, 0) / 1e6;
      return {
        figures: [
          informative(
            'files',
            `${plain.readable.length} PDFs, ${plain.pages} pages, ${megabytes.toFixed(1)} MB`,
          ),
          judged('files in', indexed, `${plain.readable.length}`, indexed === plain.readable.length),
          informative('plain text alone', `${plainRate.toFixed(1)} pages/s`),
          informative('everything done', `${rate.toFixed(1)} pages/s`),
          isQuick
            ? informative('ratio (not judged: small sample)', ratio.toFixed(2))
            : timing('ratio', ratio.toFixed(2), `≥ ${TARGET_RATIO}`, ratio >= TARGET_RATIO),
        ],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
