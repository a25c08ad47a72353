import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce } from './at-once.ts';

const signal = new AbortController().signal;

/** A stream of texts, each when it is let go; it ends early when it is stopped, and says so. */
function scripted(texts: readonly string[], failure?: Error) {
  const stopped: boolean[] = [];
  async function* run(within: AbortSignal): AsyncGenerator<string> {
    try {
      for (const text of texts) {
        await Promise.resolve();
        if (within.aborted) return;
        yield text;
      }
      if (failure !== undefined) throw failure;
    } finally {
      stopped.push(within.aborted);
    }
  }
  return { run, stopped };
}

test('streams run side by side and each keeps its order', async () => {
  const streams = [scripted(['a', 'b', 'c']), scripted(['1', '2'])];
  const all = await Array.fromAsync(atOnce(2, (index, within) => streams[index]!.run(within), signal));
  const of = (index: number) => all.filter((one) => one.index === index).map(({ event }) => event);
  assert.deepEqual(
    [of(0), of(1)],
    [
      ['a', 'b', 'c'],
      ['1', '2'],
    ],
  );
  assert.notDeepEqual(
    all.map(({ index }) => index),
    [0, 0, 0, 1, 1],
    'one does not wait for the other',
  );
});

test('when one fails the others are stopped, and their ends are waited for', async () => {
  const failing = scripted(['a'], new Error('no room'));
  const other = scripted(Array.from({ length: 1_000 }, String));
  const streams = [failing, other];
  const all = atOnce(2, (index, within) => streams[index]!.run(within), signal);
  await assert.rejects(Array.fromAsync(all), /no room/);
  assert.deepEqual(other.stopped, [true]);
});

test('when nobody reads on all of them are stopped', async () => {
  const streams = [scripted(['a', 'b', 'c', 'd']), scripted(['1', '2', '3', '4'])];
  for await (const { event } of atOnce(2, (index, within) => streams[index]!.run(within), signal)) {
    assert.ok(event);
    break;
  }
  assert.deepEqual([streams[0]!.stopped, streams[1]!.stopped], [[true], [true]]);
});
