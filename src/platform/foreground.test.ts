import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGiveWay, Foreground } from './foreground.ts';

test('background work goes on at once while nobody waits', async () => {
  const foreground = new Foreground();
  await foreground.giveWay();
  let nowMs = 0;
  const giveWay = createGiveWay(foreground.shared, () => (nowMs += 5));
  giveWay();
  assert.ok(nowMs < 30);
});

test('background work is held back until what somebody waits for is done', async () => {
  const foreground = new Foreground();
  const said: string[] = [];
  const answer = Promise.withResolvers<void>();
  const answering = foreground.during(async () => {
    await answer.promise;
    said.push('answered');
  });
  const working = foreground.giveWay().then(() => said.push('worked'));
  answer.resolve();
  await Promise.all([answering, working]);
  assert.deepEqual(said, ['answered', 'worked']);
});

test('background work gets on however long somebody waits', async () => {
  const foreground = new Foreground();
  const leave = foreground.enter();
  await foreground.giveWay();
  let calls = 0;
  const giveWay = createGiveWay(foreground.shared, () => (calls += 1) * 3);
  giveWay();
  leave();
});

test('of a stream of events, nobody waits any more from the first one on', async () => {
  const foreground = new Foreground();
  const running = new Int32Array(foreground.shared);
  const seen: number[] = [];
  async function* events() {
    seen.push(running[0]!);
    yield 'first';
    yield 'second';
  }
  for await (const event of foreground.untilFirst(events())) {
    assert.ok(event);
    seen.push(running[0]!);
  }
  assert.deepEqual(seen, [1, 0, 0]);
});

test('a stream that its reader leaves ends, and so does one that fails before its first event', async () => {
  const foreground = new Foreground();
  const running = new Int32Array(foreground.shared);
  let isEnded = false;
  async function* events() {
    try {
      yield 1;
      yield 2;
    } finally {
      isEnded = true;
    }
  }
  for await (const _ of foreground.untilFirst(events())) break;
  assert.ok(isEnded);
  // oxlint-disable-next-line require-yield
  async function* failing(): AsyncGenerator<number> {
    throw new Error('no record');
  }
  await assert.rejects(Array.fromAsync(foreground.untilFirst(failing())), /no record/);
  assert.equal(running[0], 0);
});
