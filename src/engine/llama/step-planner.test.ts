import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { planStep as plan, type PlannedStream } from './step-planner.ts';

const stream = (id: string, remainingPrompt: number, priority = 1, arrival = 0) => ({
  id,
  remainingPrompt,
  position: 0,
  priority,
  arrival,
});

const planStep = (streams: readonly PlannedStream[], prefillBudget: number, mostTokens: number) =>
  plan(streams, { prefillBudget, mostTokens, isMixed: false });

test('every running stream gets its token, whatever waits', () => {
  const step = planStep([stream('a', 0), stream('b', 5056), stream('c', 0)], 64, 512);
  assert.deepEqual(step.decode, ['a', 'c']);
  assert.deepEqual(step.prefill, [{ id: 'b', tokens: 64 }]);
});

test('prompts are taken by priority, then by arrival, one after the other', () => {
  const step = planStep(
    [stream('late', 80, 1, 2), stream('early', 50, 1, 1), stream('urgent', 30, 2, 3), stream('run', 0)],
    120,
    512,
  );
  assert.deepEqual(step.prefill, [
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
  assert.deepEqual(planStep([stream('a', 75)], 70, 72).prefill, [{ id: 'a', tokens: 72 }]);
});

test('what does not fill a tile is read first, and whole tiles after it', () => {
  const partsOf = (length: number, budget: number, others: readonly PlannedStream[]) => {
    const parts: number[] = [];
    for (let left = length; left > 0;) {
      const [part] = planStep([stream('a', left), ...others], budget, 512).prefill;
      parts.push(part!.tokens);
      left -= part!.tokens;
    }
    return parts;
  };
  const running = [stream('run', 0)];
  assert.deepEqual(partsOf(190, 130, running), [126, 64]);
  assert.deepEqual(partsOf(450, 160, running), [130, 128, 128, 64]);
  assert.deepEqual(partsOf(100, 64, running), [100]);
  assert.deepEqual(partsOf(140, 128, running), [140]);
  assert.deepEqual(partsOf(166, 128, []), [166]);
  assert.deepEqual(partsOf(170, 128, []), [106, 64]);
});

test('beside streams that take its first token along, a prompt has one more than whole tiles', () => {
  const step = { prefillBudget: 150, mostTokens: 512, isMixed: true };
  const streams = [stream('a', 400), stream('run', 0), stream('walk', 0)];
  assert.deepEqual(plan(streams, step).prefill, [{ id: 'a', tokens: 129 }]);
  assert.equal(plan(streams, { ...step, mostTokens: 66 }).prefill[0]?.tokens, 64);
});

test('a plan never exceeds its room, always gets on, and never forgets a running stream', () => {
  const streams = fc.array(
    fc.record({ remainingPrompt: fc.nat(200), priority: fc.nat(2), arrival: fc.nat(9) }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(streams, fc.integer({ min: 64, max: 300 }), (list, budget) => {
      const named = list.map((each, index) => ({ ...each, id: String(index), position: 0 }));
      const step = planStep(named, budget, 310);
      const prefill = step.prefill.reduce((sum, { tokens }) => sum + tokens, 0);
      const waiting = named.reduce((sum, { remainingPrompt }) => sum + remainingPrompt, 0);
      assert.ok(prefill + step.decode.length <= 310);
      assert.ok(prefill <= budget + 63 && (prefill > 0 || waiting === 0));
      for (const { id, tokens } of step.prefill) assert.ok(tokens <= named[Number(id)]!.remainingPrompt);
      assert.equal(step.decode.length, named.filter(({ remainingPrompt }) => remainingPrompt === 0).length);
    }),
  );
});
