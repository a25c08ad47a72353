import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toIndexedChunk, toQuery } from '#test/synthetic-index.ts';
import { Foreground, MIGRATIONS, migrate, openForWriting } from '#platform/index.ts';
import { startIndexThreads, type RunningIndex } from './index-threads.ts';

const CHUNK = { row: 1, document: 1, aclSet: 1, collection: 1, text: 'lhůta dva měsíce' };
const QUERY = toQuery({ text: 'lhůta', vector: new Float32Array(256) }, [1]);

async function withIndex(work: (index: RunningIndex, troubles: Error[]) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-threads-'));
  const databasePath = join(folder, 'hradlo.db');
  const database = openForWriting(databasePath);
  migrate(database, MIGRATIONS, 0);
  const troubles: Error[] = [];
  const options = {
    databasePath,
    folder: join(folder, 'segments'),
    foreground: new Foreground().shared,
    monotonicMs: () => performance.now(),
  };
  try {
    await using index = startIndexThreads({ ...options, onTrouble: (error) => troubles.push(error) });
    await index.client.ready;
    await work(index, troubles);
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

const rowsFound = async ({ client }: RunningIndex): Promise<number[]> =>
  (await client.search(QUERY)).map(({ row }) => row);

const add = ({ client }: RunningIndex): Promise<void> =>
  client.apply([{ type: 'add', chunks: [toIndexedChunk({ ...CHUNK, vector: new Float32Array(256) })] }]);

test('threads that end are started anew: questions wait or go on, and nothing is lost', async () => {
  await withIndex(async (index, troubles) => {
    await add(index);
    const ended = index.threads()[1]!.terminate();
    const found = rowsFound(index);
    await ended;
    assert.deepEqual(await found, [1]);
    assert.equal(troubles.length, 1);
    await index.threads()[0]!.terminate();
    assert.deepEqual(await rowsFound(index), [1]);
    await add(index);
    assert.deepEqual(await rowsFound(index), [1]);
    assert.equal((await index.client.stats()).chunks, 1);
  });
});

test('threads that end again and again are given up, with a clear error', async () => {
  await withIndex(async (index) => {
    for (let ends = 0; ends < 7; ends++) await index.threads()[1]!.terminate();
    await assert.rejects(rowsFound(index), { code: 'engine.unavailable' });
  });
});

test('ending twice is as ending once', async () => {
  await withIndex(async (index) => {
    await Promise.all([index[Symbol.asyncDispose](), index[Symbol.asyncDispose]()]);
    await index[Symbol.asyncDispose]();
  });
});
