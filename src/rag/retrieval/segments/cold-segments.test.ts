import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { IndexedChunk } from '#contracts/index.ts';
import { expectAclSetId } from '#core/index.ts';
import { arbitraryCorpus, arbitraryQuery } from '#test/arbitrary-corpus.ts';
import { testRetrievalIndex } from '#test/conformance/retrieval-index.ts';
import { wordsAnalyzer } from '#test/fakes/words-analyzer.ts';
import { startLocalIndex } from '#test/local-index.ts';
import { searchByDefinition } from '#test/retrieval-oracle.ts';
import { analyzeChunk } from './analyzed-chunk.ts';
import { buildSegment } from './build-segment.ts';
import { cooled, warmed } from './cold-file.ts';
import { IndexWriter } from './index-writer.ts';
import { segmentPath } from './manifest.ts';
import { DEFAULT_WEIGHTS } from './score-weights.ts';
import { Searcher } from './search.ts';
import { writeSegmentFile } from './segment-file.ts';
import { WarmSegments } from './warm-segments.ts';

const DIMENSIONS = 8;
const NOW_MS = 25;
const kind = { analyzerVersion: wordsAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS };
// Every row that is over by now is cold as soon as it is merged.
const coldOptions = { analyzer: wordsAnalyzer, kind, minRowsOnDisk: 1, nowMs: () => NOW_MS };
const definition = { analyzer: wordsAnalyzer, weights: DEFAULT_WEIGHTS };

testRetrievalIndex({
  name: 'segments with cold history',
  dimensions: DIMENSIONS,
  analyzer: wordsAnalyzer,
  weights: DEFAULT_WEIGHTS,
  runs: 40,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'hradlo-index-'));
    const { index } = await startLocalIndex({ ...coldOptions, folder });
    return { index, close: () => rm(folder, { recursive: true, force: true }) };
  },
});

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hradlo-cold-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const writerOver = (folder: string): IndexWriter => {
  let made = 0;
  const prefix = crypto.randomUUID();
  return new IndexWriter({
    ...coldOptions,
    folder,
    newSegmentId: () => `${prefix}-${++made}`,
    monotonicMs: () => performance.now(),
  });
};
/** Documents of which most were replaced: only a few rows hold now. */
const chunks: IndexedChunk[] = fc
  .sample(arbitraryCorpus(DIMENSIONS, 40, 40), { numRuns: 1, seed: 5 })[0]!
  .map((chunk, at) => {
    const isOver = at % 4 !== 0;
    return {
      ...chunk,
      validFromMs: 0,
      validToMs: isOver ? 20 : Infinity,
      recordedFromMs: 0,
      recordedToMs: Infinity,
    };
  });
const over = chunks.filter(({ validToMs }) => validToMs === 20);

async function filled(folder: string): Promise<IndexWriter> {
  const writer = writerOver(folder);
  await writer.load();
  // As documents come, and then are replaced.
  for (const chunk of chunks) writer.apply([{ type: 'add', chunks: [{ ...chunk, validToMs: Infinity }] }]);
  while (await writer.maintain(100));
  writer.apply([{ type: 'close', rows: over.map(({ row }) => row), validToMs: 20, recordedToMs: Infinity }]);
  while (await writer.maintain(100));
  return writer;
}

test('history goes cold when it is merged, and what holds now does not', async () => {
  await withFolder(async (folder) => {
    const writer = await filled(folder);
    const cold = writer.view.filter(({ segment }) => segment.cold !== undefined);
    assert.equal(
      cold.reduce((sum, { segment }) => sum + segment.rowCount, 0),
      over.length,
    );
    for (const { segment } of cold) {
      assert.throws(() => segment.postings, RangeError);
      assert.ok(segment.bytes.sizeBytes < warmed(segment).bytes.sizeBytes / 2);
    }
    // The next start finds it so.
    await writer.flush();
    const again = writerOver(folder);
    await again.load();
    const states = ({ view }: IndexWriter) =>
      new Map(view.map(({ segment }) => [segment.id, segment.cold !== undefined]));
    assert.deepEqual(states(again), states(writer));
  });
});

test('questions of today need no cold segment, and those as of a day find in it what the definition finds', async () => {
  await withFolder(async (folder) => {
    const { view } = await filled(folder);
    const searcher = new Searcher(0);
    const queries = fc.sample(arbitraryQuery(DIMENSIONS), { numRuns: 30, seed: 9 });
    let foundInHistory = 0;
    for (const query of queries) {
      for (const validAtMs of [10, NOW_MS]) {
        const asked = { ...query, validAtMs, recordedAtMs: NOW_MS };
        const { stems, folded, grams } = wordsAnalyzer.analyze(query.text);
        const hits = searcher.search(view, asked, { stems, folded, grams });
        foundInHistory += hits.filter(({ row }) => over.some((chunk) => chunk.row === row)).length;
        assert.deepEqual(
          hits.map(({ row, score }) => [row, score]),
          searchByDefinition(chunks, asked, definition).map(({ row, score }) => [row, score]),
        );
      }
    }
    assert.ok(foundInHistory > 0);
    // Their files are not needed for today's.
    const cold = view.filter(({ segment }) => segment.cold !== undefined);
    for (const { segment } of cold) await rm(segmentPath(folder, segment.id));
    const fresh = new Searcher(1);
    const today = { ...queries[0]!, validAtMs: NOW_MS, recordedAtMs: NOW_MS };
    const terms = wordsAnalyzer.analyze(today.text);
    assert.doesNotThrow(() => fresh.search(view, today, terms));
  });
});

test('rights and removals act on cold rows, and a purge leaves nothing of them in the files', async () => {
  await withFolder(async (folder) => {
    const writer = await filled(folder);
    const [first, second] = over;
    const hidden = expectAclSetId(77);
    writer.apply([{ type: 'reassign', rows: [first!.row], aclSet: hidden }]);
    const files = new Set(await readdir(folder));
    await writer.purge([second!.row]);
    await writer.sweepNow();
    const held = writer.view.flatMap(({ segment }) => [...segment.rows]);
    assert.ok(!held.includes(second!.row));
    const cold = writer.view.filter(({ segment }) => segment.cold !== undefined);
    assert.ok(cold.length > 0);
    for (const { segment } of cold) {
      assert.ok(!files.has(`${segment.id}.segment`), 'made anew');
      assert.equal(segment.find(second!.row), -1);
    }
    const query = {
      ...fc.sample(arbitraryQuery(DIMENSIONS), { numRuns: 1, seed: 1 })[0]!,
      validAtMs: 10,
      recordedAtMs: 10,
    };
    const terms = wordsAnalyzer.analyze(query.text);
    const found = new Searcher(0).search(writer.view, query, terms).map(({ row }) => row);
    assert.ok(!found.includes(first!.row) && !found.includes(second!.row));
  });
});

test('what is read of cold segments stays within its room, and goes with its segment', async () => {
  await withFolder(async (folder) => {
    const segments = await Promise.all(
      [0, 1, 2].map(async (number) => {
        const own = chunks.slice(number * 10, number * 10 + 10);
        const analyzed = own.map((chunk) => analyzeChunk(wordsAnalyzer, chunk));
        const segment = buildSegment(`s${number}`, kind, analyzed);
        await writeSegmentFile(segmentPath(folder, segment.id), segment);
        return { whole: segment, cold: cooled(segment, segmentPath(folder, segment.id)) };
      }),
    );
    const room = segments[0]!.whole.bytes.sizeBytes + segments[1]!.whole.bytes.sizeBytes;
    const warm = new WarmSegments(room);
    const [a, b, c] = segments.map(({ cold }) => warm.take(cold));
    assert.deepEqual([...a!.rows], [...segments[0]!.whole.rows]);
    warm.trim();
    // The one not used for longest made room.
    assert.equal(warm.take(segments[2]!.cold), c);
    assert.equal(warm.take(segments[1]!.cold), b);
    assert.notEqual(warm.take(segments[0]!.cold), a);
    warm.keepOnly(new Set(['s1']));
    assert.equal(warm.take(segments[1]!.cold), b);
    assert.notEqual(warm.take(segments[2]!.cold), c);
    assert.equal(warm.take(segments[0]!.whole), segments[0]!.whole);
  });
});
