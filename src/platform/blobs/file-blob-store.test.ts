import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { blobStoreConformance } from '#test/conformance/blob-store.ts';
import { FileBlobStore } from './file-blob-store.ts';

const HOUR_MS = 3_600_000;
const encode = (text: string) => new TextEncoder().encode(text);

async function makeStore() {
  const folder = await mkdtemp(join(tmpdir(), 'hradlo-blobs-'));
  const clock = { now: Date.now(), nowMs: () => clock.now, monotonicMs: () => clock.now };
  const store = new FileBlobStore(folder, clock);
  const pathOf = (digest: string) => join(folder, digest.slice(7, 9), digest.slice(7));
  return { folder, clock, store, pathOf };
}

blobStoreConformance('files', async () => {
  const { store, pathOf } = await makeStore();
  return {
    store,
    damage: async (digest) => {
      const bytes = await readFile(pathOf(digest));
      bytes[0]! ^= 1;
      await writeFile(pathOf(digest), bytes);
    },
  };
});

test('collecting deletes what nothing refers to, once it is old enough', async () => {
  const { store, clock } = await makeStore();
  const kept = await store.put(encode('kept'));
  const dropped = await store.put(encode('dropped'));
  const findReferenced = async () => new Set([kept]);
  assert.deepEqual(await store.collect(findReferenced, HOUR_MS), []);
  clock.now += HOUR_MS + 1000;
  assert.deepEqual(await store.collect(findReferenced, HOUR_MS), [dropped]);
  assert.equal(await store.get(dropped), undefined);
  assert.notEqual(await store.get(kept), undefined);
});

test('a blob that is put again while a collection looks at it stays', async () => {
  const { store, clock } = await makeStore();
  const digest = await store.put(encode('again'));
  clock.now += 2 * HOUR_MS;
  // The writer comes between the question "who refers to it?" and the unlink.
  const deleted = await store.collect(async () => {
    await store.put(encode('again'));
    return new Set();
  }, HOUR_MS);
  assert.deepEqual(deleted, []);
  assert.notEqual(await store.get(digest), undefined);
});

test('after a restart a young blob is not collected either', async () => {
  const { store, folder, clock } = await makeStore();
  const digest = await store.put(encode('young'));
  const restarted = new FileBlobStore(folder, clock);
  assert.deepEqual(await restarted.collect(async () => new Set(), HOUR_MS), []);
  assert.notEqual(await restarted.get(digest), undefined);
});

test('what a kill left half-written is swept away', async () => {
  const { store, folder, clock } = await makeStore();
  await store.put(encode('whole'));
  await writeFile(join(folder, 'tmp', 'abc.part'), 'half');
  clock.now += 2 * HOUR_MS;
  await store.collect(async (digests) => new Set(digests), HOUR_MS);
  assert.deepEqual(await readdir(join(folder, 'tmp')), []);
});

test('what an erased thing was made of goes at once, and what somebody else put again stays', async () => {
  const { store, clock } = await makeStore();
  const digest = await store.put(encode('erased'));
  store.settle(digest);
  const again = await store.put(encode('put again'));
  store.settle(again);
  const files = [digest, again].map((one) => ({ digest: one, lastPutMs: clock.now + 1000 }));
  clock.now += 5000;
  store.settle(await store.put(encode('put again')));
  assert.deepEqual(await store.deleteUnneeded(files, async () => new Set()), [digest]);
  assert.notEqual(await store.get(again), undefined);
});

test('a blob whose reference is being written is not deleted, however old', async () => {
  const { store, clock } = await makeStore();
  const digest = await store.put(encode('in flight'));
  store.settle(digest);
  await store.put(encode('in flight'));
  clock.now += 60_000;
  const files = [{ digest, lastPutMs: clock.now }];
  assert.deepEqual(await store.deleteUnneeded(files, async () => new Set()), []);
  store.settle(digest);
  assert.deepEqual(await store.deleteUnneeded(files, async () => new Set([digest])), []);
  assert.deepEqual(await store.deleteUnneeded(files, async () => new Set()), [digest]);
});
