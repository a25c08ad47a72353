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
  const plan = planStep([stream('a', 0), stream('b', 5000), stream('c', 0)], 64, 512);
  assert.deepEqual(plan.decode, ['a', 'c']);
  assert.deepEqual(plan.prefill, [{ id: 'b', tokens: 64 }]);
});

test('prompts are taken by priority, then by arrival, one after the other', () => {
  const plan = planStep(
    [stream('late', 80, 1, 2), stream('early', 50, 1, 1), stream('urgent', 30, 2, 3), stream('run', 0)],
    120,
    512,
  );
  assert.deepEqual(plan.prefill, [
    { id: 'urgent', tokens: 30 },
    { id: 'early', tokens: 50 },
    { id: 'late', tokens: 40 },
  ]);
});

test('no small part of a prompt is begun, and no small rest is left', () => {
  assert.deepEqual(planStep([stream('a', 50), stream('b', 90, 1, 1)], 64, 512).prefill, [
    { id: 'a', tokens: 50 },
  ]);
  assert.deepEqual(planStep([stream('a', 75), stream('run', 0)], 64, 512).prefill, [{ id: 'a', tokens: 75 }]);
  assert.deepEqual(planStep([stream('a', 75)], 70, 72).prefill, [{ id: 'a', tokens: 70 }]);
});

test('a plan never exceeds its room, always gets on, and never forgets a running stream', () => {
  const streams = fc.array(
    fc.record({ remainingPrompt: fc.nat(200), priority: fc.nat(2), arrival: fc.nat(9) }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(streams, fc.integer({ min: 1, max: 300 }), (list, budget) => {
      const named = list.map((each, index) => ({ ...each, id: String(index) }));
      const plan = planStep(named, budget, 310);
      const prefill = plan.prefill.reduce((sum, { tokens }) => sum + tokens, 0);
      const waiting = named.reduce((sum, { remainingPrompt }) => sum + remainingPrompt, 0);
      assert.ok(prefill + plan.decode.length <= 310);
      assert.ok(prefill <= budget + 48 && (prefill > 0 || waiting === 0));
      for (const { id, tokens } of plan.prefill) assert.ok(tokens <= named[Number(id)]!.remainingPrompt);
      assert.equal(plan.decode.length, named.filter(({ remainingPrompt }) => remainingPrompt === 0).length);
    }),
  );
});

test('steps settle within what they may take, in whole tiles, for slow machines and fast ones', () => {
  for (const msPerToken of [0.2, 1, 1.8]) {
    for (const [decoding, limitMs] of [
      [0, 280],
      [3, 420],
    ] as const) {
      const controller = new ChunkController(200, 512);
      const steps = Array.from({ length: 20 }, () => {
        const prefill = controller.budget({ decoding, decodeMs: 20 });
        const elapsedMs = 20 + (prefill + 8) * msPerToken;
        controller.observe({ prefill, decodeMs: 20, elapsedMs });
        return { prefill, elapsedMs };
      });
      for (const { prefill, elapsedMs } of steps.slice(-5)) {
        assert.ok(elapsedMs <= limitMs, `${elapsedMs} ms at ${msPerToken} ms a token`);
        assert.ok(prefill % 64 === 0);
        const isFull = prefill >= 512 - decoding - 63;
        assert.ok(isFull || elapsedMs + 64 * msPerToken > limitMs, `${elapsedMs} ms wastes the step`);
      }
    }
  }
});

test('on a slow machine steps keep a size that is worth their cost', () => {
  const controller = new ChunkController(50, 512);
  for (let index = 0; index < 8; index++) {
    const prefill = controller.budget({ decoding: 4, decodeMs: 0 });
    controller.observe({ prefill, decodeMs: 0, elapsedMs: prefill * 1000 });
  }
  assert.equal(controller.budget({ decoding: 4, decodeMs: 0 }), 64);
  assert.equal(new ChunkController(50, 40).budget({ decoding: 4, decodeMs: 0 }), 36);
});
