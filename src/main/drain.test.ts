import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerRequest } from '#core/index.ts';
import { Drain } from './drain.ts';

const request = { signal: new AbortController().signal } as AnswerRequest;

test('a server that drains is not ready any more, and waits for what runs', async () => {
  const drain = new Drain();
  assert.ok(!drain.isReady);
  drain.setReady();
  const goOn = Promise.withResolvers<void>();
  const answer = drain.follow(async function* () {
    yield 1;
    await goOn.promise;
    yield 2;
  }, request);
  await answer.next();
  let isDone = false;
  const draining = drain.run().then(() => (isDone = true));
  assert.ok(!drain.isReady);
  assert.ok(drain.isDraining);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!isDone);
  goOn.resolve();
  assert.equal((await answer.next()).value, 2);
  assert.equal((await answer.next()).done, true);
  await draining;
});

test('an answer whose reader goes away is not waited for', async () => {
  const drain = new Drain();
  const answer = drain.follow(async function* () {
    yield 1;
    yield 2;
  }, request);
  await answer.next();
  await answer.return(undefined);
  await drain.run();
});
