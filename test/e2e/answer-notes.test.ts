import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, setUpAdministrator, startTestServer } from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let administrator: Visitor;
let jan: Visitor;
let janId: string;

before(async () => {
  server = await startTestServer();
  administrator = await setUpAdministrator(server);
  ({ visitor: jan, id: janId } = await addPerson(administrator, server.url, { name: 'jan' }));
});
after(() => server[Symbol.asyncDispose]());

async function ask(visitor: Visitor, question: string): Promise<string> {
  const body = await visitor.expect(200, 'POST', '/v1/chat/completions', {
    model: 'hradlo',
    messages: [{ role: 'user', content: question }],
  });
  return (body['hradlo'] as { answer_id: string }).answer_id;
}
interface Note {
  readonly answerId: string;
  readonly kind: string;
  readonly question: string;
  readonly text: string;
}
const open = async () =>
  (await administrator.expect(200, 'GET', '/admin/v1/answer-notes'))['notes'] as Note[];

test('a question without an answer is handed on, read by who keeps the documents, and settled', async () => {
  const answerId = await ask(jan, 'Kolik stojí parkování?');
  await jan.expect(200, 'PUT', `/hradlo/v1/answers/${answerId}/escalation`, { text: 'U radnice.' });
  const [note] = await open();
  assert.deepEqual(
    [note?.answerId, note?.kind, note?.question, note?.text],
    [answerId, 'escalation', 'Kolik stojí parkování?', 'U radnice.'],
  );
  await administrator.expect(200, 'PUT', `/admin/v1/answer-notes/${answerId}/escalation`, { settled: true });
  assert.deepEqual(await open(), []);
});

test('a corrected answer goes with its rating; only of an answer of one’s own', async () => {
  const answerId = await ask(jan, 'Jaká je sazba?');
  const body = { rating: 'down', reason: 'wrong', correction: 'Sazba je 480 Kč.' };
  assert.equal(
    (await administrator.say('PUT', `/hradlo/v1/answers/${answerId}/feedback`, { body })).status,
    404,
  );
  await jan.expect(200, 'PUT', `/hradlo/v1/answers/${answerId}/feedback`, body);
  assert.deepEqual(
    (await open()).map(({ kind, text }) => [kind, text]),
    [['correction', 'Sazba je 480 Kč.']],
  );
  assert.equal((await jan.say('GET', '/admin/v1/answer-notes')).status, 403);
});

test('erasing a person takes what they handed on', async () => {
  assert.equal((await open()).length, 1);
  await administrator.expect(200, 'POST', '/admin/v1/erasures', { issuer: 'hradlo', subject: janId });
  assert.deepEqual(await open(), []);
});
