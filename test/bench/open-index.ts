// Opens an index that lies on disk and prints, as one line of JSON, what that took and how fast it is scanned.
// Started by the proof `index-limit` in a process of its own, so that its memory is nothing else's.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { IndexWriter } from '#rag/retrieval/segments/index-writer.ts';
import { TopRows } from '#rag/retrieval/segments/top-rows.ts';
import { VectorQuery } from '#rag/retrieval/segments/vector-scan.ts';
import { FIELDS } from '#rag/retrieval/segments/segment.ts';
import { leastMs, leastReadMs } from '../support/read-limit.ts';
import { makeCorpus } from '../support/synthetic-corpus.ts';
import { plainAnalyzer } from '../support/synthetic-index.ts';

const [folder = '', dimensionsText = '384'] = process.argv.slice(2);
const dimensions = Number(dimensionsText);
const PIECE_BYTES = 4 << 20;

function readFiles(): void {
  const buffer = new Uint8Array(PIECE_BYTES);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.segment'))) {
    const file = openSync(join(folder, name), 'r');
    while (readSync(file, buffer) > 0);
    closeSync(file);
  }
}

const { queries } = makeCorpus(1_000, dimensions);
readFiles();
const readMs = leastMs(readFiles, 3);
const rssBefore = process.memoryUsage.rss();
const startedAt = performance.now();
const writer = new IndexWriter({
  analyzer: plainAnalyzer,
  kind: { analyzerVersion: plainAnalyzer.version, embeddingDigest: undefined, dimensions },
  folder,
  newSegmentId: () => crypto.randomUUID(),
  monotonicMs: () => performance.now(),
});
await writer.load();
const openMs = performance.now() - startedAt;
const rssBytes = process.memoryUsage.rss() - rssBefore;

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
  JSON.stringify({ readMs, openMs, rssBytes, scanMs, limitMs, rows, postings, sizeBytes, segments }),
);
