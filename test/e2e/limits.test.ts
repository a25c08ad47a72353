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
  const limit = { subject: `principal:hradlo/${id}`, metric: 'cost', amount: 5_000, windowSeconds: 86_400 };
  await administrator.expect(200, 'PUT', '/admin/v1/limits', limit);
  const first = await visitor.say('POST', '/v1/chat/completions', { body: question });
  assert.equal(first.status, 200);
  const { limits } = await visitor.expect(200, 'GET', '/hradlo/v1/limits');
  const [cost] = limits as { metric: string; remaining: number }[];
  assert.ok(cost!.remaining < 5_000, 'what it cost is gone');
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

test('looking for evidence counts as a request, and is refused like one', async () => {
  const { visitor, id } = await addPerson(administrator, running.url, { name: 'hledac' });
  const limit = { subject: `principal:hradlo/${id}`, metric: 'requests', amount: 1 };
  await administrator.expect(200, 'PUT', '/admin/v1/limits', limit);
  const body = { question: 'výpovědní lhůta' };
  assert.equal((await visitor.say('POST', '/hradlo/v1/retrieve', { body })).status, 200);
  const refused = await visitor.say('POST', '/hradlo/v1/retrieve', { body });
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  assert.equal(refused.headers['x-ratelimit-remaining-requests'], '0');
});

test('who runs the installation limits all tenants together and weighs them; a tenant does not', async () => {
  const limit = { subject: 'installation', metric: 'requests', amount: 1000 };
  const { id } = await administrator.expect(200, 'PUT', '/admin/v1/limits', limit);
  const { tenants } = await administrator.expect(200, 'GET', '/admin/v1/tenants');
  const [tenant] = tenants as { id: string; weight: number }[];
  assert.equal(tenant?.weight, 1);
  await administrator.expect(200, 'PATCH', `/admin/v1/tenants/${tenant?.id}`, { weight: 5 });
  const { visitor } = await addPerson(administrator, running.url, {
    name: 'sprava',
    roles: ['administrator'],
  });
  assert.equal((await visitor.say('PUT', '/admin/v1/limits', { body: limit })).status, 403);
  assert.equal((await visitor.say('DELETE', `/admin/v1/limits/${String(id)}`)).status, 403);
  assert.ok(!JSON.stringify(await visitor.expect(200, 'GET', '/admin/v1/limits')).includes('installation'));
  assert.equal((await visitor.say('GET', `/admin/v1/limits/${String(id)}/use`)).status, 404);
  assert.equal(
    (await visitor.say('PATCH', `/admin/v1/tenants/${tenant?.id}`, { body: { weight: 9 } })).status,
    403,
  );
  await administrator.expect(200, 'DELETE', `/admin/v1/limits/${String(id)}`);
});
