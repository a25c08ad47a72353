import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FairQueue, type QueuedRequest } from './fair-queue.ts';

function request(id: string, over: Partial<QueuedRequest> = {}): QueuedRequest {
  return { id, tenant: 'a', weight: 1, priority: 1, tokens: 100, arrivedAtMs: 0, ...over };
}

function drain(queue: FairQueue<QueuedRequest>, nowMs = 0): string[] {
  const order: string[] = [];
  for (;;) {
    const next = queue.take(nowMs, () => true);
    if (next === undefined) return order;
    queue.charge(next, next.tokens);
    order.push(next.id);
  }
}

test('a greedy tenant does not starve a modest one', () => {
  const queue = new FairQueue<QueuedRequest>();
  for (let index = 0; index < 10; index++)
    queue.add(request(`g${index}`, { tenant: 'greedy', arrivedAtMs: index }));
  queue.add(request('m', { tenant: 'modest', arrivedAtMs: 50 }));
  assert.ok(drain(queue, 60).indexOf('m') <= 1);
});

test('twice the weight gets twice the tokens', () => {
  const queue = new FairQueue<QueuedRequest>();
  for (let index = 0; index < 30; index++) {
    queue.add(request(`h${index}`, { tenant: 'heavy', weight: 2, arrivedAtMs: index }));
    queue.add(request(`l${index}`, { tenant: 'light', arrivedAtMs: index }));
  }
  const first = drain(queue).slice(0, 30);
  const heavy = first.filter((id) => id.startsWith('h')).length;
  assert.ok(heavy >= 19 && heavy <= 21, `${heavy} of 30`);
});

test('idleness earns no credit', () => {
  const queue = new FairQueue<QueuedRequest>();
  for (let index = 0; index < 20; index++) queue.add(request(`a${index}`, { arrivedAtMs: index }));
  for (let index = 0; index < 10; index++)
    queue.charge(
      queue.take(0, () => true)!,
      100,
    );
  for (let index = 0; index < 5; index++) queue.add(request(`b${index}`, { tenant: 'b', arrivedAtMs: 100 }));
  // Five in a row for the newcomer would be its reward for having been away.
  assert.ok(
    drain(queue, 100)
      .slice(0, 5)
      .some((id) => id.startsWith('a')),
  );
});

test('urgent requests go first, and waiting makes every request urgent in the end', () => {
  const queue = new FairQueue<QueuedRequest>();
  queue.add(request('background', { priority: 0, arrivedAtMs: 0 }));
  queue.add(request('person', { priority: 2, arrivedAtMs: 10_000 }));
  assert.deepEqual(drain(queue, 10_000), ['person', 'background']);
  queue.add(request('background', { priority: 0, arrivedAtMs: 0 }));
  queue.add(request('person', { priority: 2, arrivedAtMs: 50_000 }));
  assert.deepEqual(drain(queue, 50_000), ['background', 'person']);
});

test('the next in line is waited for, also when a smaller one would fit', () => {
  const queue = new FairQueue<QueuedRequest>();
  queue.add(request('large', { tokens: 1000 }));
  queue.add(request('small', { tokens: 10, arrivedAtMs: 1 }));
  assert.equal(
    queue.take(0, ({ tokens }) => tokens < 500),
    undefined,
  );
  assert.equal(queue.length, 2);
});
