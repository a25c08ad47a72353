import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PickedFile } from './picked-files.ts';
import { UploadQueue } from './upload-queue.ts';

const pick = (...paths: string[]): PickedFile[] =>
  paths.map((path) => ({ file: new File(['obsah'], path), path, sidecar: undefined }));

/** A queue whose files go when the test says so. */
function makeQueue() {
  const going = new Map<string, PromiseWithResolvers<void> & { progress(sentBytes: number): void }>();
  const tries: string[] = [];
  let arrived = 0;
  const later: (() => void)[] = [];
  const queue = new UploadQueue({
    send(picked, { signal, onProgress }) {
      tries.push(picked.path);
      const sent = { ...Promise.withResolvers<void>(), progress: onProgress };
      signal.addEventListener('abort', () => sent.reject(new Error('cancelled')));
      going.set(picked.path, sent);
      return sent.promise;
    },
    onArrived: () => (arrived += 1),
    later: (work) => later.push(work),
  });
  const states = () => queue.snapshot().files.map(({ path, state }) => `${path} ${state}`);
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  const arrive = async (path: string) => {
    going.get(path)?.resolve();
    await settle();
  };
  const fail = async (path: string) => {
    going.get(path)?.reject(new Error('refused'));
    await settle();
  };
  return { queue, going, tries, states, arrive, fail, later, arrivedCount: () => arrived };
}

test('three files go at a time, the others wait, and what is there leaves the list', async () => {
  const { queue, states, arrive } = makeQueue();
  queue.add(pick('a', 'b', 'c', 'd', 'e'));
  assert.deepEqual(states(), ['a sending', 'b sending', 'c sending', 'd waiting', 'e waiting']);
  await arrive('b');
  assert.deepEqual(states(), ['a sending', 'c sending', 'd sending', 'e waiting']);
  assert.equal(queue.snapshot().done, 1);
  for (const path of ['a', 'c', 'd', 'e']) await arrive(path);
  assert.deepEqual(queue.snapshot(), { files: [], done: 0 });
});

test('how much of a file has gone is told', () => {
  const { queue, going } = makeQueue();
  queue.add(pick('a'));
  going.get('a')!.progress(3);
  const [file] = queue.snapshot().files;
  assert.deepEqual([file?.sentBytes, file?.sizeBytes], [3, 5]);
});

test('a file that is cancelled stops and makes room; it is no failure', async () => {
  const { queue, states } = makeQueue();
  queue.add(pick('a', 'b', 'c', 'd'));
  queue.cancel(queue.snapshot().files[0]!.id);
  await Promise.resolve();
  assert.deepEqual(states(), ['b sending', 'c sending', 'd sending']);
  queue.cancelAll();
  await Promise.resolve();
  assert.deepEqual(states(), []);
});

test('what failed stays with its reason until it is tried again or taken off', async () => {
  const { queue, states, fail, arrive, tries } = makeQueue();
  queue.add(pick('a', 'b'));
  await fail('a');
  await fail('b');
  assert.deepEqual(states(), ['a failed', 'b failed']);
  assert.match(String(queue.snapshot().files[0]?.error), /refused/);
  queue.retry(queue.snapshot().files[0]!.id);
  assert.deepEqual(states(), ['a sending', 'b failed']);
  await arrive('a');
  queue.retry();
  await arrive('b');
  assert.deepEqual(tries, ['a', 'b', 'a', 'b']);
  assert.deepEqual(states(), []);
});

test('many files that arrive at once are told once', async () => {
  const { queue, arrive, later, arrivedCount } = makeQueue();
  queue.add(pick('a', 'b', 'c'));
  for (const path of ['a', 'b', 'c']) await arrive(path);
  assert.equal(later.length, 1);
  later[0]!();
  assert.equal(arrivedCount(), 1);
});
