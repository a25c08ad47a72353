import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { LocalModel } from './start-local-model.ts';
import { Unloading } from './unloading.ts';

/** A model that serves requests until it is told to be idle. */
function makeModel(isBusy: boolean) {
  const seen = { isBusy, ended: 0 };
  const engine = {
    isIdle: () => !seen.isBusy,
    [Symbol.asyncDispose]: async () => {
      seen.ended += 1;
    },
  };
  // What the model was made from does not matter here.
  const model = { kind: 'local', engine } as unknown as LocalModel;
  return { seen, model };
}

test('a model that serves nobody ends at once', async () => {
  const { seen, model } = makeModel(false);
  assert.equal(await new Unloading(model).isGone, true);
  assert.equal(seen.ended, 1);
});

test('a model that is at work ends when it has finished', async () => {
  const { seen, model } = makeModel(true);
  const { isGone } = new Unloading(model);
  await setImmediate();
  assert.equal(seen.ended, 0);
  seen.isBusy = false;
  assert.equal(await isGone, true);
  assert.equal(seen.ended, 1);
});

test('a model that is wanted again before it has ended goes on as if nothing had been', async () => {
  const { seen, model } = makeModel(true);
  const unloading = new Unloading(model);
  assert.equal(await unloading.keep(), true);
  assert.deepEqual([await unloading.isGone, seen.ended], [false, 0]);
});

test('a model that has ended cannot be kept any more', async () => {
  const { seen, model } = makeModel(false);
  assert.equal(await new Unloading(model).keep(), false);
  assert.equal(seen.ended, 1);
});

test('a server that stops does not wait for the work to end', async () => {
  const { seen, model } = makeModel(true);
  await new Unloading(model).hurry();
  assert.equal(seen.ended, 1);
});
