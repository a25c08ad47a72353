import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FakeRuntime } from '#test/fakes/fake-runtime.ts';
import { groupsOf, normalised, runPooled, sigmoid } from './pooled-batches.ts';

const limits = { batchTokens: 16, sequences: 3 };

test('groups keep the order, lose nothing and never exceed a step', () => {
  const lists = fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(lists, (all) => {
      const groups = groupsOf(all, limits);
      assert.deepEqual(
        groups.flat(),
        all.map((list) => list.slice(0, 16)),
      );
      for (const group of groups) {
        assert.ok(group.length <= 3);
        assert.ok(group.reduce((sum, list) => sum + list.length, 0) <= 16);
      }
    }),
  );
});

test('each text gets its own output', async () => {
  const outputs = await runPooled(new FakeRuntime(), [[1, 2], [3], [4, 5, 6], [7]], limits);
  assert.deepEqual(
    outputs.map(([, length]) => length),
    [2, 1, 3, 1],
  );
});

test('vectors come out at length one, a zero vector stays as it is', () => {
  assert.deepEqual(
    [...normalised(new Float32Array([3, 4]))].map((value) => value.toFixed(3)),
    ['0.600', '0.800'],
  );
  assert.deepEqual([...normalised(new Float32Array([0, 0]))], [0, 0]);
  assert.equal(sigmoid(0), 0.5);
});
