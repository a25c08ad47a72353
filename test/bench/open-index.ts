// Opens an index that lies on disk and prints, as one line of JSON, what that took and how fast it is scanned.
// Started by the proof `index-limit` in a process of its own, so that its memory is nothing else's.
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { IndexWriter } from '#rag/retrieval/segments/index-writer.ts';
import { TopRows } from '#rag/retrieval/segments/top-rows.ts';
import { VectorQuery } from '#rag/retrieval/segments/vector-scan.ts';
import { FIELDS } from '#rag/retrieval/segments/segment.ts';
import { leastCpuMs, leastMs, leastReadMs } from '../support/read-limit.ts';
import { makeCorpus } from '../support/synthetic-corpus.ts';
import { plainAnalyzer } from '../support/synthetic-index.ts';

const [folder = '', dimensionsText = '384'] = process.argv.slice(2);
const dimensions = Number(dimensionsText);
const PIECE_BYTES = 4 << 20;

/** Reads every file of segments into memory of its own, as whoever wants to have them must. */
function readFiles(): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.segment'))) {
    const file = openSync(join(folder, name), 'r');
    const bytes = new Uint8Array(fstatSync(file).size);
    for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, Math.min(PIECE_BYTES, bytes.length - done), done);
      if (count === 0) break;
      done += count;
    }
    closeSync(file);
  }
}

const { queries } = makeCorpus(1_000, dimensions);
async function openIndex(): Promise<IndexWriter> {
  const writer = new IndexWriter({
    analyzer: plainAnalyzer,
    kind: { analyzerVersion: plainAnalyzer.version, embeddingDigest: undefined, dimensions },
    folder,
    newSegmentId: () => crypto.randomUUID(),
    monotonicMs: () => performance.now(),
    nowMs: () => Date.now(),
  });
  await writer.load();
  return writer;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const rssBefore = process.memoryUsage.rss();
const writer = await openIndex();
globalThis.gc?.();
const rssBytes = process.memoryUsage.rss() - rssBefore;

readFiles();
const readMs = leastMs(readFiles, 3);
const readCpuMs = leastCpuMs(readFiles);
const [startedAt, cpuBefore] = [performance.now(), cpuMs()];
await openIndex();
const [openMs, openCpuMs] = [performance.now() - startedAt, cpuMs() - cpuBefore];

const vector = new VectorQuery(queries[0]!.vector, 0);
const scanMs = leastMs(() => {
  const top = new TopRows(100);
  for (const [index, { segment }] of writer.view.entries()) {
    vector.scan(
      segment,
      index,
      { bounds: Uint32Array.of(0, segment.rowCount), rowCount: segment.rowCount },
      top,
    );
  }
});
let limitMs = 0;
for (const { segment } of writer.view) {
  const { memory } = segment.bytes;
  limitMs += leastReadMs(memory, segment.bytes.address('vectors'), segment.rowCount * segment.header.stride);
}
const rows = writer.view.reduce((sum, { segment }) => sum + segment.rowCount, 0);
const postings = writer.view.reduce(
  (sum, { segment }) => sum + FIELDS.reduce((own, field) => own + segment.postings[field].rows.length, 0),
  0,
);
const sizeBytes = writer.view.reduce((sum, { segment }) => sum + segment.sizeBytes, 0);
const segments = writer.view.length;
console.log(
  JSON.stringify({
    readMs,
    readCpuMs,
    openMs,
    openCpuMs,
    rssBytes,
    scanMs,
    limitMs,
    rows,
    postings,
    sizeBytes,
    segments,
  }),
);
