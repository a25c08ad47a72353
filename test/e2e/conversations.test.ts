import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomId } from '#platform/index.ts';
import { addPerson, setUpAdministrator, startTestServer } from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

type Started = Awaited<ReturnType<typeof startTestServer>>;
let server: Started;
let eva: Visitor;
let jan: Visitor;

before(async () => {
  server = await startTestServer();
  eva = await setUpAdministrator(server);
  ({ visitor: jan } = await addPerson(eva, server.url, { name: 'jan' }));
});
after(() => server[Symbol.asyncDispose]());

async function ask(
  visitor: Visitor,
  question: string,
  place: { id: string; turn: string; replaces?: string },
) {
  const heard = await visitor.say('POST', '/hradlo/v1/answers', {
    body: { model: 'hradlo', messages: [{ role: 'user', content: question }], conversation: place },
  });
  assert.equal(heard.status, 200, heard.text);
  return heard.text;
}
const listed = async (visitor: Visitor, query = '') => {
  const { conversations } = await visitor.expect(200, 'GET', `/hradlo/v1/conversations${query}`);
  return conversations as { id: string; title: string; turnCount: number }[];
};
const newPlace = () => ({ id: randomId('conversation'), turn: randomId('turn') });

test('what was asked is kept for its asker, and for nobody else', async () => {
  const place = newPlace();
  await ask(eva, 'Kolik dnů trvá zlatá lhůta?', place);
  const [conversation] = await listed(eva);
  assert.deepEqual([conversation?.id, conversation?.title], [place.id, 'Kolik dnů trvá zlatá lhůta?']);
  const { messages } = await eva.expect(200, 'GET', `/hradlo/v1/conversations/${place.id}/messages`);
  const [question, answer] = messages as Record<string, unknown>[];
  assert.deepEqual([question?.['role'], question?.['content']], ['user', 'Kolik dnů trvá zlatá lhůta?']);
  assert.deepEqual([answer?.['role'], answer?.['state']], ['assistant', 'ended']);
  assert.match(String(answer?.['answerId']), /^ans_/);
  assert.deepEqual(await listed(jan), []);
  for (const [method, path] of [
    ['GET', '/messages'],
    ['GET', '/export'],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/restore'],
  ] as const) {
    const body = method === 'PATCH' ? { title: 'Moje' } : method === 'GET' ? undefined : {};
    const heard = await jan.say(method, `/hradlo/v1/conversations/${place.id}${path}`, { body });
    assert.equal(heard.status, 404, `${method} ${path}: ${heard.text}`);
  }
});

test('names change, words are found, and a conversation leaves as a file', async () => {
  const place = newPlace();
  await ask(eva, 'Co je příčka?', place);
  await eva.expect(200, 'PATCH', `/hradlo/v1/conversations/${place.id}`, { title: 'Příčky a stěny' });
  assert.deepEqual(
    (await listed(eva, '?query=PRICKY%20steny')).map(({ id }) => id),
    [place.id],
  );
  assert.deepEqual(await listed(eva, '?query=nenalezeno'), []);
  const file = await eva.say('GET', `/hradlo/v1/conversations/${place.id}/export`);
  assert.match(file.text, /^# Příčky a stěny\n\n## Co je příčka\?/);
  assert.match(String(file.headers['content-disposition']), /^attachment; filename="cnv_\w+\.md"$/);
});

test('a deleted conversation is not listed, and undoing brings it back as it was', async () => {
  const place = newPlace();
  await ask(eva, 'Smazat?', place);
  const deleted = await eva.expect(200, 'DELETE', `/hradlo/v1/conversations/${place.id}`);
  assert.ok(Date.parse(String(deleted['restorableUntil'])) > Date.now());
  const has = async () => (await listed(eva)).some(({ id }) => id === place.id);
  assert.equal(await has(), false);
  assert.equal((await eva.say('GET', `/hradlo/v1/conversations/${place.id}/messages`)).status, 404);
  await eva.expect(200, 'POST', `/hradlo/v1/conversations/${place.id}/restore`);
  assert.equal(await has(), true);
});

test('ratings stand beside the answer they are about', async () => {
  const place = newPlace();
  await ask(eva, 'Dobře?', place);
  const read = async () => {
    const { messages } = await eva.expect(200, 'GET', `/hradlo/v1/conversations/${place.id}/messages`);
    return (messages as { rating: string; answerId: string }[])[1]!;
  };
  await eva.expect(200, 'PUT', `/hradlo/v1/answers/${(await read()).answerId}/feedback`, {
    rating: 'down',
    reason: 'outdated',
  });
  assert.equal((await read()).rating, 'down');
});

test('an id that is none is refused before anything is asked', async () => {
  const heard = await eva.say('POST', '/hradlo/v1/answers', {
    body: {
      model: 'hradlo',
      messages: [{ role: 'user', content: 'x' }],
      conversation: { id: '../x', turn: randomId('turn') },
    },
  });
  assert.equal(heard.status, 400);
});
