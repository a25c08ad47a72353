import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { IndexedChunk } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, expectId } from '#core/index.ts';
import { wordsAnalyzer } from '#test/fakes/words-analyzer.ts';
import { startLocalIndex } from '#test/local-index.ts';

const kind = { analyzerVersion: wordsAnalyzer.version, embeddingDigest: undefined, dimensions: 2 };
const COLLECTION = expectId('collection', `col_${'0'.repeat(26)}`);

function chunkOf(row: number, text: string): IndexedChunk {
  return {
    row: expectChunkRow(row),
    chunkId: expectId('chunk', `chk_${'0'.repeat(26)}`),
    documentId: expectId('document', `doc_${'0'.repeat(26)}`),
    versionId: expectId('version', `ver_${'0'.repeat(26)}`),
    collectionId: COLLECTION,
    aclSet: expectAclSetId(1),
    language: 'cs',
    title: '',
    headingPath: [],
    text,
    validFromMs: 0,
    validToMs: Infinity,
    recordedFromMs: 0,
    recordedToMs: Infinity,
    vector: new Float32Array([1, 0]),
  };
}

async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    if ((await readFile(join(entry.parentPath, entry.name))).includes(text)) found.push(entry.name);
  }
  return found;
}

async function onFiles(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hradlo-purge-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const start = (folder: string) => startLocalIndex({ analyzer: wordsAnalyzer, kind, folder });

test('a purged row leaves no byte in segments and dictionaries; others stay', () =>
  onFiles(async (folder) => {
    const { index } = await start(folder);
    await index.apply([{ type: 'add', chunks: [chunkOf(1, 'zlatohlavek'), chunkOf(2, 'pivonka')] }]);
    await index.close();
    assert.notDeepEqual(await filesWith(folder, 'zlatohlavek'), []);
    const { index: again } = await start(folder);
    await again.purge([expectChunkRow(1)]);
    assert.deepEqual(await filesWith(folder, 'zlatohlavek'), []);
    assert.equal((await again.stats()).chunks, 1);
    await again.close();
    assert.deepEqual(await filesWith(folder, 'zlatohlavek'), []);
    assert.notDeepEqual(await filesWith(folder, 'pivonka'), []);
  }));

test('a snapshot that holds a purged row is gone, one that does not stays', () =>
  onFiles(async (folder) => {
    const { index } = await start(folder);
    await index.apply([{ type: 'add', chunks: [chunkOf(2, 'pivonka')] }]);
    const without = await index.snapshot('without');
    await index.apply([{ type: 'add', chunks: [chunkOf(1, 'zlatohlavek')] }]);
    const holding = await index.snapshot('holding');
    await index.purge([expectChunkRow(1)]);
    await assert.rejects(index.open(holding.id), { code: 'storage.damaged' });
    await using opened = await index.open(without.id);
    assert.ok(opened);
    assert.deepEqual(await filesWith(folder, 'zlatohlavek'), []);
  }));

test('what was erased from the database while the index was away leaves its files at the next start', () =>
  onFiles(async (folder) => {
    const chunks = [chunkOf(1, 'zlatohlavek'), chunkOf(2, 'pivonka')];
    const { index } = await start(folder);
    await index.apply([{ type: 'add', chunks }]);
    await index.close();
    const left = chunks.filter((chunk) => chunk.row === 2);
    const source = {
      listStates: async (row: number) => left.filter((chunk) => chunk.row > row),
      listChunks: async () => left,
    };
    const { index: again } = await startLocalIndex({ analyzer: wordsAnalyzer, kind, folder, source });
    assert.deepEqual(await filesWith(folder, 'zlatohlavek'), []);
    assert.equal((await again.stats()).chunks, 1);
  }));
