import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addKey,
  addPerson,
  setUpAdministrator,
  startTestServer,
  type TestServer,
} from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

let running: TestServer;
let administrator: Visitor;
before(async () => {
  running = await startTestServer({ samples: { load: true } });
  administrator = await setUpAdministrator(running);
});
after(() => running[Symbol.asyncDispose]());

const question = { model: 'hradlo', messages: [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }] };

test('a key over its limit gets 429 with the numbers, others go on', async () => {
  const { visitor } = await addPerson(administrator, running.url, { name: 'jana' });
  const { program, id } = await addKey(visitor, running.url);
  const limit = { subject: `key:${id}`, metric: 'requests', amount: 2 };
  await administrator.expect(200, 'PUT', '/admin/v1/limits', limit);
  const first = await program.say('POST', '/v1/chat/completions', { body: question });
  assert.equal(first.status, 200);
  assert.equal(first.headers['x-ratelimit-limit-requests'], '2');
  assert.equal(first.headers['x-ratelimit-remaining-requests'], '1');
  const streamed = await program.say('POST', '/v1/chat/completions', { body: { ...question, stream: true } });
  assert.equal(streamed.status, 200);
  for (const stream of [false, true]) {
    const refused = await program.say('POST', '/v1/chat/completions', { body: { ...question, stream } });
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    assert.equal((refused.body['error'] as { code: string }).code, 'rate_limit_exceeded');
    assert.equal(refused.headers['x-ratelimit-remaining-requests'], '0');
  }
  await visitor.expect(200, 'POST', '/v1/chat/completions', question);
  const own = await program.expect(200, 'GET', '/hradlo/v1/limits');
  assert.equal((own['limits'] as { remaining: number }[])[0]?.remaining, 0);
});

test('spending counts in money where a model has a price', async () => {
  const { visitor, id } = await addPerson(administrator, running.url, { name: 'petr' });
  await administrator.expect(200, 'PUT', '/admin/v1/prices', {
    model: 'hradlo',
    inputMicro: 1_000_000,
    outputMicro: 1_000_000,
  });
  const limit = { subject: `principal:hradlo/${id}`, metric: 'cost', amount: 20_000, windowSeconds: 86_400 };
  await administrator.expect(200, 'PUT', '/admin/v1/limits', limit);
  const first = await visitor.say('POST', '/v1/chat/completions', { body: question });
  assert.equal(first.status, 200);
  const { limits } = await visitor.expect(200, 'GET', '/hradlo/v1/limits');
  const [cost] = limits as { metric: string; remaining: number }[];
  assert.ok(cost!.remaining < 20_000, 'what it cost is gone');
  assert.equal((await visitor.say('POST', '/v1/chat/completions', { body: question })).status, 429);
});

test('a limit that is taken away holds nobody', async () => {
  const { limits } = await administrator.expect(200, 'GET', '/admin/v1/limits');
  for (const { id } of limits as { id: number }[])
    await administrator.expect(200, 'DELETE', `/admin/v1/limits/${id}`);
  assert.deepEqual(await administrator.expect(200, 'GET', '/hradlo/v1/limits'), { limits: [] });
  const wrong = await administrator.say('PUT', '/admin/v1/limits', {
    body: { subject: 'everybody', metric: 'requests', amount: 1 },
  });
  assert.equal(wrong.status, 400);
});
