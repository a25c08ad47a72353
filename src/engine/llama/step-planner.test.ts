import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ChunkController } from './chunk-controller.ts';
import { planStep } from './step-planner.ts';

const stream = (id: string, remainingPrompt: number, priority = 1, arrival = 0) => ({
  id,
  remainingPrompt,
  priority,
  arrival,
});

test('every running stream gets its token, whatever waits', () => {
  const plan = planStep([stream('a', 0), stream('b', 5000), stream('c', 0)], 64);
  assert.deepEqual(plan.decode, ['a', 'c']);
  assert.deepEqual(plan.prefill, [{ id: 'b', tokens: 64 }]);
});

test('prompts are taken by priority, then by arrival, one after the other', () => {
  const plan = planStep(
    [stream('late', 50, 1, 2), stream('early', 50, 1, 1), stream('urgent', 30, 2, 3)],
    100,
  );
  assert.deepEqual(plan.prefill, [
    { id: 'urgent', tokens: 30 },
    { id: 'early', tokens: 50 },
    { id: 'late', tokens: 20 },
  ]);
});

test('a plan never exceeds its budget and never forgets a running stream', () => {
  const streams = fc.array(
    fc.record({ remainingPrompt: fc.nat(200), priority: fc.nat(2), arrival: fc.nat(9) }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(streams, fc.integer({ min: 1, max: 300 }), (list, budget) => {
      const named = list.map((each, index) => ({ ...each, id: String(index) }));
      const plan = planStep(named, budget);
      const prefill = plan.prefill.reduce((sum, { tokens }) => sum + tokens, 0);
      const waiting = named.reduce((sum, { remainingPrompt }) => sum + remainingPrompt, 0);
      assert.equal(prefill, Math.min(budget, waiting));
      assert.equal(plan.decode.length, named.filter(({ remainingPrompt }) => remainingPrompt === 0).length);
    }),
  );
});

test('steps settle just below their target, for slow machines and fast ones', () => {
  for (const msPerToken of [0.2, 1.4, 2.4]) {
    const controller = new ChunkController(200, 512);
    const steps = Array.from({ length: 20 }, () => {
      const prefill = controller.budget(0);
      const elapsedMs = prefill * msPerToken + 3;
      controller.observe({ decoding: 0, prefill, elapsedMs });
      return elapsedMs;
    });
    const settled = steps.slice(-5);
    assert.ok(
      settled.every((ms) => ms <= 200),
      `${settled.join()} ms at ${msPerToken} ms a token`,
    );
    if (msPerToken > 0.3)
      assert.ok(
        settled.every((ms) => ms >= 100),
        `${settled.join()} wastes the step`,
      );
  }
});

test('on a slow machine steps keep a size that is worth their cost, smaller beside running streams', () => {
  for (const [decoding, least] of [
    [0, 64],
    [4, 32],
  ] as const) {
    const controller = new ChunkController(50, 512);
    for (let index = 0; index < 8; index++) {
      const prefill = controller.budget(decoding);
      controller.observe({ decoding, prefill, elapsedMs: prefill * 1000 });
    }
    assert.equal(controller.budget(decoding), least);
  }
});
