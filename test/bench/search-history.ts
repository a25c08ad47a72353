// Opens an index that lies on disk, asks it of today and then as of a day long past, and prints as one line of JSON what
// that takes. Started by the proof `cold-history` in a process of its own, so that its memory is nothing else's.
import { IndexWriter } from '#rag/retrieval/segments/index-writer.ts';
import { Searcher } from '#rag/retrieval/segments/search.ts';
import { makeCorpus, VISIBLE } from '../support/synthetic-corpus.ts';
import { plainAnalyzer, toQuery } from '../support/synthetic-index.ts';

const [folder = '', dimensionsText = '384', pastMs = '0'] = process.argv.slice(2);
const dimensions = Number(dimensionsText);
const ROUNDS = 20;

const { queries } = makeCorpus(1_000, dimensions);
const resident = (): number => {
  globalThis.gc?.();
  return process.memoryUsage.rss();
};
const before = resident();
const writer = new IndexWriter({
  analyzer: plainAnalyzer,
  kind: { analyzerVersion: plainAnalyzer.version, embeddingDigest: undefined, dimensions },
  folder,
  newSegmentId: () => crypto.randomUUID(),
  monotonicMs: () => performance.now(),
  nowMs: () => Date.now(),
});
await writer.load();
const { view } = writer;
const searcher = new Searcher(0);

/** Least processor milliseconds of a question, and all that were found. */
function ask(time: object, rounds: number): { readonly cpuMs: number; readonly hits: readonly unknown[] } {
  let cpuMs = Infinity;
  const hits: unknown[] = [];
  for (const query of queries.slice(0, rounds)) {
    const from = process.cpuUsage();
    const found = searcher.search(
      view,
      { ...toQuery(query, VISIBLE['10 %']), ...time },
      plainAnalyzer.analyze(query.text),
    );
    const { user, system } = process.cpuUsage(from);
    cpuMs = Math.min(cpuMs, (user + system) / 1000);
    hits.push(found.map(({ row, score }) => [row, score]));
  }
  return { cpuMs, hits };
}

const today = ask({}, ROUNDS);
const todayBytes = resident() - before;
const past = { validAtMs: Number(pastMs) };
const first = ask(past, 1);
const next = ask(past, ROUNDS);
console.log(
  JSON.stringify({
    sizeBytes: view.reduce((sum, { segment }) => sum + segment.sizeBytes, 0),
    coldRows: view.reduce((sum, { segment }) => sum + (segment.cold === undefined ? 0 : segment.rowCount), 0),
    residentBytes: todayBytes,
    residentPastBytes: resident() - before,
    todayMs: today.cpuMs,
    firstMs: first.cpuMs,
    nextMs: next.cpuMs,
    hits: [today.hits, next.hits],
  }),
);
