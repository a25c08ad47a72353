import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FakeRuntime } from '#test/fakes/fake-runtime.ts';
import { EncoderQueue, normalised, sigmoid } from './encoder-queue.ts';

const LIMITS = { batchTokens: 16, sequences: 3, stepTargetMs: 200 };
const lengths = (outputs: readonly Float32Array[]) => outputs.map(([, length]) => length);
const queueOver = (runtime: FakeRuntime, limits = LIMITS) => new EncoderQueue(runtime, limits, () => 0);

test('each list gets its own output, in order, however many go into a step', async () => {
  const lists = fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 16 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(lists, { maxLength: 4 }), async (jobs) => {
      const runtime = new FakeRuntime({ capacity: 16 });
      const queue = queueOver(runtime);
      const outputs = await Promise.all(
        jobs.map((job, index) => queue.run(String(index), job, { isUrgent: index % 2 === 0 })),
      );
      assert.deepEqual(
        outputs.map(lengths),
        jobs.map((job) => job.map((list) => list.length)),
      );
      assert.ok(runtime.largestStep <= 16);
      assert.equal(queue.waiting, 0);
    }),
  );
});

test('the urgent overtake what waits, and what nobody waits for is dropped', async () => {
  const runtime = new FakeRuntime();
  const queue = queueOver(runtime, { ...LIMITS, sequences: 1 });
  const order: string[] = [];
  const library = queue.run('library', [[1], [2], [3], [4]], { isUrgent: false });
  const dropped = queue.run('dropped', [[1], [2]], { isUrgent: false });
  const question = queue.run('question', [[5]], { isUrgent: true }).then(() => order.push('question'));
  queue.abort('dropped');
  await assert.rejects(dropped, /nobody waits/);
  await Promise.all([library.then(() => order.push('library')), question]);
  assert.deepEqual(order, ['question', 'library']);
  assert.equal(runtime.decodes, 5);
});

test('a step that fails fails those in it, and the others go on', async () => {
  const runtime = new FakeRuntime();
  runtime.beforeDecode = () => {
    runtime.beforeDecode = () => undefined;
    throw new Error('broken');
  };
  const queue = queueOver(runtime, { ...LIMITS, sequences: 1 });
  const failing = queue.run('a', [[1], [2]], { isUrgent: false });
  const other = queue.run('b', [[1, 2]], { isUrgent: false });
  await assert.rejects(failing, /broken/);
  assert.deepEqual(lengths(await other), [2]);
});

test('vectors come out at length one, a zero vector stays as it is', () => {
  assert.deepEqual(
    [...normalised(new Float32Array([3, 4]))].map((value) => value.toFixed(3)),
    ['0.600', '0.800'],
  );
  assert.deepEqual([...normalised(new Float32Array([0, 0]))], [0, 0]);
  assert.equal(sigmoid(0), 0.5);
});
