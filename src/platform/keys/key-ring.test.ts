import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { KeyRing } from './key-ring.ts';
import { SealError, seal, unseal } from './seal.ts';

function makeRing(context: TestContext) {
  const folder = scratchFolder('keys');
  context.after(() => folder[Symbol.dispose]());
  const masterKey = randomBytes(32);
  return { folder: folder.path, masterKey, ring: new KeyRing(folder.path, masterKey) };
}

test('what was sealed opens at its place and nowhere else', () => {
  const key = randomBytes(32);
  const sealed = seal(key, Buffer.from('tajné'), 'a/question');
  assert.equal(unseal(key, sealed, 'a/question').toString(), 'tajné');
  assert.throws(() => unseal(key, sealed, 'b/question'), SealError);
  assert.throws(() => unseal(randomBytes(32), sealed, 'a/question'), SealError);
});

test('every changed byte is noticed', () => {
  const key = randomBytes(32);
  const sealed = seal(key, Buffer.from('tajné'), 'a');
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index]! ^= 1;
    assert.throws(() => unseal(key, changed, 'a'), SealError, `byte ${index}`);
  }
});

test('a key outlives the process', async (context) => {
  const { folder, masterKey, ring } = makeRing(context);
  await ring.create('cnt_1');
  const sealed = await ring.seal('cnt_1', 'otázka', 'place');
  assert.equal(await new KeyRing(folder, masterKey).unseal('cnt_1', sealed, 'place'), 'otázka');
});

test('a destroyed key is gone from memory and from the folder, and what it sealed with it', async (context) => {
  const { folder, ring } = makeRing(context);
  await ring.create('cnt_1');
  const wrapped = readFileSync(join(folder, 'cnt_1'));
  const sealed = await ring.seal('cnt_1', 'otázka', 'place');
  await ring.destroy('cnt_1');
  await ring.destroy('cnt_1');
  assert.equal(await ring.unseal('cnt_1', sealed, 'place'), undefined);
  assert.deepEqual(await ring.list(), []);
  for (const name of readdirSync(folder)) assert.ok(!readFileSync(join(folder, name)).includes(wrapped));
});

test('without the master key no key opens', async (context) => {
  const { folder, ring } = makeRing(context);
  await ring.create('cnt_1');
  const sealed = await ring.seal('cnt_1', 'otázka', 'place');
  await assert.rejects(new KeyRing(folder, randomBytes(32)).unseal('cnt_1', sealed, 'place'), SealError);
});

test('a name that is a path is refused', async (context) => {
  const { ring } = makeRing(context);
  await assert.rejects(ring.create('../x'), RangeError);
});
