import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { ConversationId, TurnId } from '#core/index.ts';
import { KeyRing, queryBuilder, randomId } from '#platform/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { scratchFolder } from '#test/scratch.ts';
import type { ConversationSchema } from './answer-store.ts';
import { ContentStore, type ContentSchema } from './content-store.ts';
import { ContentVault } from './content-vault.ts';
import { ConversationBook } from './conversation-book.ts';
import { ConversationStore } from './conversation-store.ts';

const DAY_MS = 86_400_000;
const EVA = { tenantId: TEST_TENANT, issuer: 'hradlo', subject: 'eva' };
const JAN = { ...EVA, subject: 'jan' };

function makeBook(context: TestContext) {
  const folder = scratchFolder('book');
  context.after(() => folder[Symbol.dispose]());
  const { database, writer } = openTestDatabase();
  const clock = { now: 1_000, nowMs: () => clock.now, monotonicMs: () => clock.now };
  const keys = new KeyRing(folder.path, randomBytes(32));
  const contents = new ContentStore(queryBuilder<ContentSchema>(database));
  const vault = new ContentVault({
    store: contents,
    keys,
    writer,
    clock,
    newId: randomId,
    keepMs: 90 * DAY_MS,
  });
  const store = new ConversationStore(queryBuilder<ContentSchema & ConversationSchema>(database));
  const book = new ConversationBook({ store, vault, writer, clock });
  /** Asks and is answered, a second later than what was before. */
  const ask = async (
    person: typeof EVA,
    question: string,
    { id = randomId('conversation'), replaces }: { id?: ConversationId; replaces?: TurnId } = {},
  ) => {
    clock.now += 1_000;
    const place = { conversationId: id, turnId: randomId('turn'), ...(replaces && { replaces }) };
    const text = { question, askedAtMs: clock.now, model: 'hradlo', events: [], error: null };
    await book.beginTurn(person, place, { title: question, text });
    const events = [{ type: 'text', text: `Odpověď: ${question}` }];
    await book.endTurn(person, place, { text: { ...text, events }, state: 'ended', answerId: undefined });
    return place;
  };
  return { database, writer, clock, keys, vault, store, book, ask };
}

const titles = (found: readonly { title: string }[]) => found.map(({ title }) => title);
const ALL = { after: undefined, limit: 100 };

test('a conversation is found by its owner and by nobody else', async (context) => {
  const { book, ask } = makeBook(context);
  const { conversationId } = await ask(EVA, 'Kolik mám dovolené?');
  assert.deepEqual(titles(await book.list(EVA, ALL)), ['Kolik mám dovolené?']);
  assert.deepEqual(await book.list(JAN, ALL), []);
  assert.equal(await book.find(JAN, conversationId), undefined);
  assert.deepEqual(await book.search(JAN, 'dovolené', 10), []);
});

test('nobody asks in the conversation of somebody else', async (context) => {
  const { ask, book } = makeBook(context);
  const { conversationId: id } = await ask(EVA, 'Moje?');
  await assert.rejects(ask(JAN, 'Tvoje?', { id }), { code: 'conflict.state' });
  assert.deepEqual(
    (await book.listTurns(id)).map(({ question }) => question),
    ['Moje?'],
  );
});

test('names, questions and answers are nowhere in the database as they are', async (context) => {
  const { database, ask } = makeBook(context);
  await ask(EVA, 'Zlatohlávek');
  const bytes = Buffer.from(database.serialize());
  assert.ok(!bytes.includes('Zlatohlávek') && !bytes.includes(Buffer.from('Zlatohlávek', 'utf16le')));
});

test('turns follow one another; a turn asked anew takes those after it along', async (context) => {
  const { ask, book } = makeBook(context);
  const first = await ask(EVA, 'a');
  const id = first.conversationId;
  const second = await ask(EVA, 'b', { id });
  await ask(EVA, 'c', { id });
  const questions = async () => (await book.listTurns(id)).map(({ question }) => question);
  assert.deepEqual(await questions(), ['a', 'b', 'c']);
  await ask(EVA, 'B', { id, replaces: second.turnId });
  assert.deepEqual(await questions(), ['a', 'B']);
  assert.equal((await book.find(EVA, id))?.turnCount, 2);
});

test('words are looked for in names, questions and answers, without case and diacritics', async (context) => {
  const { ask, book } = makeBook(context);
  await ask(EVA, 'Výpovědní lhůta');
  await ask(EVA, 'Dovolená');
  assert.deepEqual(titles(await book.search(EVA, 'VYPOVEDNI odpoved', 10)), ['Výpovědní lhůta']);
  assert.deepEqual(titles(await book.search(EVA, 'odpověď', 10)), ['Dovolená', 'Výpovědní lhůta']);
  assert.deepEqual(await book.search(EVA, 'lhůta dovolená', 10), []);
});

test('the list is paged, newest first', async (context) => {
  const { ask, book } = makeBook(context);
  for (const name of ['a', 'b', 'c']) await ask(EVA, name);
  const page = await book.list(EVA, { after: undefined, limit: 2 });
  assert.deepEqual(titles(page), ['c', 'b']);
  assert.deepEqual(titles(await book.list(EVA, { after: page[1], limit: 2 })), ['a']);
});

test('a deleted conversation comes back, until it is gone for good', async (context) => {
  const { ask, book, store, writer, clock } = makeBook(context);
  const { conversationId: id } = await ask(EVA, 'a');
  const run = (statements: Parameters<typeof writer.write>[0]['statements']) =>
    writer.write({ statements, audit: [] });
  await run([store.markDeleted(id, clock.now)]);
  assert.deepEqual(await book.list(EVA, ALL), []);
  await run([store.markDeleted(id, undefined)]);
  assert.deepEqual(titles(await book.list(EVA, ALL)), ['a']);
  await run([store.markDeleted(id, clock.now)]);
  await run(store.deleteExpired(clock.now, clock.now));
  assert.equal(await book.find(EVA, id), undefined);
  assert.deepEqual(await book.listTurns(id), []);
});

test('conversations end with the time for which texts are kept, and one that goes on stays', async (context) => {
  const { ask, book, store, writer, clock } = makeBook(context);
  await ask(EVA, 'stará');
  const { conversationId: id } = await ask(EVA, 'živá');
  clock.now += 60 * DAY_MS;
  await ask(EVA, 'dál', { id });
  clock.now += 40 * DAY_MS;
  await writer.write({ statements: store.deleteExpired(clock.now, 0), audit: [] });
  assert.deepEqual(titles(await book.list(EVA, ALL)), ['živá']);
});

test('erasing a person takes their conversations and leaves those of others', async (context) => {
  const { database, ask, book, vault } = makeBook(context);
  const { conversationId } = await ask(EVA, 'a');
  await ask(JAN, 'b');
  await vault.erase(EVA, { statements: [], audit: () => [] });
  assert.deepEqual(await book.list(EVA, ALL), []);
  assert.deepEqual(await book.listTurns(conversationId), []);
  assert.equal(database.prepare('SELECT count(*) AS n FROM conversation_turn').get()?.['n'], 1);
  assert.deepEqual(titles(await book.list(JAN, ALL)), ['b']);
  await ask(EVA, 'znovu');
  assert.deepEqual(titles(await book.list(EVA, ALL)), ['znovu']);
});
