import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlobStore } from '#contracts/index.ts';
import { expectDigest } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';

/** What every blob store must do. `damage` changes a bit of a stored blob, where that can be done. */
export function blobStoreConformance(
  name: string,
  makeStore: () => Promise<{ store: BlobStore; damage?: (digest: string) => Promise<void> }>,
): void {
  const bytes = new TextEncoder().encode('výpovědní lhůta');

  test(`${name}: what was put is read back by its digest`, async () => {
    const { store } = await makeStore();
    const digest = await store.put(bytes);
    assert.equal(digest, digestOf(bytes));
    assert.deepEqual(new Uint8Array((await store.get(digest))!), bytes);
  });

  test(`${name}: a digest that was never put is undefined`, async () => {
    const { store } = await makeStore();
    assert.equal(await store.get(expectDigest(`sha256:${'0'.repeat(64)}`)), undefined);
  });

  test(`${name}: what comes in pieces is the blob of all of them`, async () => {
    const { store } = await makeStore();
    const put = (maxBytes: number) => store.putStream(pieces(bytes), maxBytes);
    assert.deepEqual(await put(bytes.length), { digest: digestOf(bytes), sizeBytes: bytes.length });
    assert.deepEqual(new Uint8Array((await store.get(digestOf(bytes)))!), bytes);
    assert.equal((await put(1000)).digest, digestOf(bytes));
  });

  test(`${name}: what grows over its limit, or breaks off, leaves nothing`, async () => {
    const { store } = await makeStore();
    await assert.rejects(store.putStream(pieces(bytes), bytes.length - 1), { code: 'input.too_large' });
    const broken = async function* () {
      yield bytes;
      throw new Error('hung up');
    };
    await assert.rejects(store.putStream(broken(), 1000), /hung up/);
    assert.deepEqual(await all(store.list()), []);
  });

  test(`${name}: the empty blob is a blob`, async () => {
    const { store } = await makeStore();
    const digest = await store.put(new Uint8Array());
    assert.equal((await store.get(digest))?.length, 0);
  });

  test(`${name}: the same bytes are stored once, however many put them at once`, async () => {
    const { store } = await makeStore();
    await Promise.all(Array.from({ length: 20 }, () => store.put(bytes)));
    assert.deepEqual(await all(store.list()), [digestOf(bytes)]);
  });

  test(`${name}: a deleted blob is gone, and deleting it again is no error`, async () => {
    const { store } = await makeStore();
    const digest = await store.put(bytes);
    await store.delete(digest);
    await store.delete(digest);
    assert.equal(await store.get(digest), undefined);
    assert.deepEqual(await all(store.list()), []);
  });

  test(`${name}: a changed bit is refused, and putting the right bytes heals it`, async (context) => {
    const { store, damage } = await makeStore();
    if (damage === undefined) return context.skip('cannot be damaged');
    const digest = await store.put(bytes);
    await damage(digest);
    await assert.rejects(store.get(digest), { code: 'storage.damaged' });
    await store.put(bytes);
    assert.deepEqual(new Uint8Array((await store.get(digest))!), bytes);
  });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 5) yield bytes.subarray(at, at + 5);
}
