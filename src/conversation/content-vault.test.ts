import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { AnswerId } from '#core/index.ts';
import { KeyRing, queryBuilder, randomId } from '#platform/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { scratchFolder } from '#test/scratch.ts';
import { ContentStore, type ContentSchema } from './content-store.ts';
import { ContentVault } from './content-vault.ts';

const DAY_MS = 86_400_000;
const EVA = { tenantId: TEST_TENANT, issuer: 'hradlo', subject: 'eva' };
const JAN = { ...EVA, subject: 'jan' };

function makeVault(context: TestContext) {
  const folder = scratchFolder('content');
  context.after(() => folder[Symbol.dispose]());
  const { database, writer } = openTestDatabase();
  database.exec('PRAGMA foreign_keys = OFF');
  const clock = { now: 1_000, nowMs: () => clock.now, monotonicMs: () => clock.now };
  const keys = new KeyRing(folder.path, randomBytes(32));
  const store = new ContentStore(queryBuilder<ContentSchema>(database));
  const vault = new ContentVault({ store, keys, writer, clock, newId: randomId, keepMs: 90 * DAY_MS });
  const keep = async (person: typeof EVA, answerId: AnswerId, text: string) =>
    writer.write({ statements: [await vault.keep(person, answerId, { kind: 'question', text })], audit: [] });
  const read = (person: typeof EVA, answerId: AnswerId) =>
    vault.read(person, answerId, { kind: 'question', createdAtMs: 1_000 });
  return { database, writer, clock, keys, store, vault, keep, read };
}

test('a text is kept sealed: it is read back, and its bytes are nowhere in the database', async (context) => {
  const { database, keep, read } = makeVault(context);
  const answerId = randomId('answer');
  await keep(EVA, answerId, 'Kolik mám dnů dovolené?');
  assert.deepEqual(await read(EVA, answerId), { state: 'kept', text: 'Kolik mám dnů dovolené?' });
  const rows = JSON.stringify(database.prepare('SELECT CAST(sealed AS TEXT) AS text FROM content').all());
  assert.doesNotMatch(rows, /dovolen/);
});

test('two first questions at once make one key', async (context) => {
  const { keep, keys } = makeVault(context);
  await Promise.all([keep(EVA, randomId('answer'), 'a'), keep(EVA, randomId('answer'), 'b')]);
  assert.equal((await keys.list()).length, 1);
});

test('erasing a person takes their texts and leaves those of others', async (context) => {
  const { keep, read, vault, keys, clock } = makeVault(context);
  const [hers, his] = [randomId('answer'), randomId('answer')];
  await keep(EVA, hers, 'a');
  await keep(JAN, his, 'b');
  clock.now += DAY_MS;
  assert.equal(await vault.erase(EVA, { statements: [], audit: () => [] }), 1);
  assert.equal((await read(EVA, hers)).state, 'erased');
  assert.deepEqual(await read(JAN, his), { state: 'kept', text: 'b' });
  assert.equal((await keys.list()).length, 1);
});

test('who was erased may ask again, under a new key', async (context) => {
  const { keep, read, vault } = makeVault(context);
  await keep(EVA, randomId('answer'), 'before');
  await vault.erase(EVA, { statements: [], audit: () => [] });
  const answerId = randomId('answer');
  await keep(EVA, answerId, 'after');
  assert.deepEqual(await read(EVA, answerId), { state: 'kept', text: 'after' });
});

test('an erasure that a kill cut short is finished at the next start', async (context) => {
  const { keep, vault, keys, store, writer, clock } = makeVault(context);
  await keep(EVA, randomId('answer'), 'a');
  const [key] = await store.listKeys(EVA);
  await writer.write({ statements: store.eraseKey(key!.id, clock.nowMs()), audit: [] });
  assert.equal((await keys.list()).length, 1);
  await vault.finishErasures();
  assert.equal((await keys.list()).length, 0);
});

test('a text whose time ran out is deleted', async (context) => {
  const { keep, read, store, writer, clock } = makeVault(context);
  const answerId = randomId('answer');
  await keep(EVA, answerId, 'a');
  clock.now += 90 * DAY_MS;
  await writer.write({ statements: [store.deleteExpired(clock.nowMs())], audit: [] });
  assert.equal((await read(EVA, answerId)).state, 'gone');
});
