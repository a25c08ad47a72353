import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { arbitraryCorpus, arbitraryQuery } from '#test/arbitrary-corpus.ts';
import { wordsAnalyzer } from '#test/fakes/words-analyzer.ts';
import { startLocalIndex } from '#test/local-index.ts';
import { searchByDefinition } from '#test/retrieval-oracle.ts';
import type { IndexedChunk, RetrievalQuery } from '#contracts/index.ts';
import { expectAclSetId, type ChunkRow } from '#core/index.ts';
import type { IndexSource } from './reconcile.ts';
import { DEFAULT_WEIGHTS } from './score-weights.ts';

const DIMENSIONS = 8;
const kind = { analyzerVersion: wordsAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS };
const definition = { analyzer: wordsAnalyzer, weights: DEFAULT_WEIGHTS };

/** A database of chunks that counts which texts were asked for. */
function sourceOf(chunks: readonly IndexedChunk[]): IndexSource & { read: ChunkRow[] } {
  const read: ChunkRow[] = [];
  return {
    read,
    listStates: async (row) => chunks.filter((chunk) => chunk.row > row).slice(0, 7),
    listChunks: async (rows) => {
      read.push(...rows);
      return chunks.filter((chunk) => rows.includes(chunk.row));
    },
  };
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hradlo-index-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const open = (folder: string, source: IndexSource, other: Partial<typeof kind> = {}) =>
  startLocalIndex({ analyzer: wordsAnalyzer, kind: { ...kind, ...other }, folder, source });

const sample = (seed: number): IndexedChunk[] =>
  fc.sample(arbitraryCorpus(DIMENSIONS, 40, 25), { numRuns: 1, seed })[0]!;
const queries = fc.sample(arbitraryQuery(DIMENSIONS), { numRuns: 20, seed: 3 });

async function assertAgrees(
  { index }: { index: { search(query: RetrievalQuery): Promise<readonly { row: number; score: number }[]> } },
  chunks: readonly IndexedChunk[],
): Promise<void> {
  for (const query of queries) {
    const hits = await index.search(query);
    assert.deepEqual(
      hits.map(({ row, score }) => [row, score]),
      searchByDefinition(chunks, query, definition).map(({ row, score }) => [row, score]),
    );
  }
}

test('an index that was closed opens without reading a text', async () => {
  await withFolder(async (folder) => {
    const chunks = sample(1);
    const first = await open(folder, sourceOf(chunks));
    assert.deepEqual(first.reconciled, { added: chunks.length, changed: 0, removed: 0 });
    await first.index.close();
    const source = sourceOf(chunks);
    const second = await open(folder, source);
    assert.deepEqual(second.reconciled, { added: 0, changed: 0, removed: 0 });
    assert.deepEqual(source.read, []);
    await assertAgrees(second, chunks);
  });
});

test('after a crash only what was lost is read again', async () => {
  await withFolder(async (folder) => {
    const chunks = sample(2);
    const half = chunks.slice(0, 10);
    const first = await open(folder, sourceOf(half));
    await first.index.close();
    const second = await open(folder, sourceOf(half));
    await second.index.apply([{ type: 'add', chunks: chunks.slice(10) }]);
    // No close: what came since is in memory only.
    const source = sourceOf(chunks);
    const third = await open(folder, source);
    assert.equal(third.reconciled?.added, chunks.length - 10);
    assert.deepEqual(
      source.read,
      chunks.slice(10).map(({ row }) => row),
    );
    await assertAgrees(third, chunks);
  });
});

test('what was reassigned, closed or removed while the index was away is found out at the start', async () => {
  await withFolder(async (folder) => {
    const chunks = sample(4);
    await (await open(folder, sourceOf(chunks))).index.close();
    const now = chunks
      .slice(3)
      .map((chunk, index) =>
        index % 3 === 0
          ? { ...chunk, aclSet: expectAclSetId((chunk.aclSet % 4) + 1) }
          : index % 3 === 1
            ? { ...chunk, validToMs: 20, recordedToMs: 20 }
            : chunk,
      );
    const again = await open(folder, sourceOf(now));
    assert.equal(again.reconciled?.removed, 3);
    await assertAgrees(again, now);
  });
});

test('a damaged file is not served: its rows come from the database again', async () => {
  await withFolder(async (folder) => {
    const chunks = sample(5);
    await (await open(folder, sourceOf(chunks))).index.close();
    const file = join(
      folder,
      (await readdir(folder)).find((name) => name.endsWith('.segment'))!,
    );
    const bytes = await readFile(file);
    bytes[bytes.length - 100]! ^= 1;
    await writeFile(file, bytes);
    const again = await open(folder, sourceOf(chunks));
    assert.equal(again.reconciled?.added, chunks.length);
    await assertAgrees(again, chunks);
  });
});

test('an index of another analyser or embedding model is made anew, and its files go', async () => {
  await withFolder(async (folder) => {
    const chunks = sample(6);
    await (await open(folder, sourceOf(chunks))).index.close();
    const before = await readdir(folder);
    const again = await open(folder, sourceOf(chunks), { analyzerVersion: 'words/2' });
    assert.equal(again.reconciled?.added, chunks.length);
    await again.index.close();
    const after = await readdir(folder);
    for (const file of before.filter((name) => name.endsWith('.segment'))) assert.ok(!after.includes(file));
  });
});

test('files that a snapshot rests on stay, and one that was changed is refused', async () => {
  await withFolder(async (folder) => {
    const chunks = sample(7);
    const opened = await open(folder, sourceOf(chunks));
    const { id } = await opened.index.snapshot('first');
    const pinned = (await readdir(folder)).filter((name) => /\.(segment|vectors)$/.test(name));
    assert.equal(pinned.length, 2);
    await opened.index.apply([{ type: 'remove', rows: chunks.map(({ row }) => row) }]);
    while (await opened.index.maintain(100));
    await opened.index.close();
    assert.deepEqual(
      (await readdir(folder)).filter((name) => /\.(segment|vectors)$/.test(name)),
      pinned,
    );
    const vectors = join(
      folder,
      pinned.find((name) => name.endsWith('.vectors'))!,
    );
    const bytes = await readFile(vectors);
    bytes[10]! ^= 1;
    await writeFile(vectors, bytes);
    await assert.rejects(opened.index.open(id), { code: 'storage.damaged' });
  });
});

test('rows that it is told to load come from the database, and follow what was applied before', async () => {
  await withFolder(async (folder) => {
    const chunks = sample(8);
    const { index } = await open(folder, { ...sourceOf(chunks), listStates: async () => [] });
    const first = chunks.slice(0, 5).map(({ row }) => row);
    const loading = index.apply([{ type: 'load', rows: first }]);
    const removing = index.apply([{ type: 'remove', rows: first.slice(0, 2) }]);
    await Promise.all([loading, removing]);
    await assertAgrees({ index }, chunks.slice(2, 5));
  });
});

test('a file that was merged away stays until busy searchers have surely opened it', async () => {
  await withFolder(async (folder) => {
    const clock = { nowMs: 0 };
    const chunks = sample(9);
    const { index } = await startLocalIndex({
      analyzer: wordsAnalyzer,
      kind,
      folder,
      source: sourceOf(chunks),
      monotonicMs: () => clock.nowMs,
    });
    const files = async (): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.endsWith('.segment'));
    await index.close();
    const [first] = await files();
    // Removing most of it makes the merge that replaces it.
    await index.apply([{ type: 'remove', rows: chunks.slice(0, -1).map(({ row }) => row) }]);
    while (await index.maintain(0));
    await index.close();
    assert.ok((await files()).includes(first!), 'just merged away');
    clock.nowMs = 60_000;
    await index.close();
    assert.ok(!(await files()).includes(first!), 'a minute later');
  });
});
