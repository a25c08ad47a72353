import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addKey,
  addPerson,
  PASSPHRASE,
  setUpAdministrator,
  startTestServer,
  type TestServer,
} from '#test/running-server.ts';
import { Visitor } from '#test/visitor.ts';

let running: TestServer;
let platform: Visitor;
let theirs: Visitor;
before(async () => {
  running = await startTestServer({ samples: { load: true } });
  platform = await setUpAdministrator(running);
});
after(() => running[Symbol.asyncDispose]());

const ask = { model: 'hradlo', messages: [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }] };

test('a tenant has people, groups and collections of its own', async () => {
  const made = await platform.expect(201, 'POST', '/admin/v1/tenants', {
    name: 'obec',
    administrator: 'starosta',
  });
  theirs = new Visitor(running.url);
  await theirs.expect(200, 'POST', '/hradlo/v1/invitation', {
    token: made['token'],
    displayName: 'Starosta',
    passphrase: PASSPHRASE,
  });
  const people = await theirs.expect(200, 'GET', '/admin/v1/people');
  assert.deepEqual(
    (people['people'] as { name: string }[]).map(({ name }) => name),
    ['starosta'],
  );
  assert.deepEqual(await theirs.expect(200, 'GET', '/hradlo/v1/collections'), { collections: [] });
  await theirs.expect(201, 'POST', '/admin/v1/collections', { name: 'ukazka', title: 'Stejné jméno' });
  const again = await platform.say('POST', '/admin/v1/tenants', {
    body: { name: 'obec', administrator: 'jiny' },
  });
  assert.equal(again.status, 409);
});

test('who administers a tenant neither makes others nor sees the first', async () => {
  assert.equal((await theirs.say('GET', '/admin/v1/tenants')).status, 403);
  const { collections } = await platform.expect(200, 'GET', '/hradlo/v1/collections');
  const [first] = collections as { id: string }[];
  assert.equal((await theirs.say('GET', `/admin/v1/collections/${first?.id}/grants`)).status, 404);
  const answered = await theirs.expect(200, 'POST', '/v1/chat/completions', ask);
  assert.ok(!JSON.stringify(answered).includes('dvouměsíční'), 'nothing of the samples');
});

test('one signs in at one’s own tenant', async () => {
  const body = { name: 'starosta', passphrase: PASSPHRASE };
  assert.equal((await new Visitor(running.url).say('POST', '/hradlo/v1/session', { body })).status, 401);
  await new Visitor(running.url).expect(200, 'POST', '/hradlo/v1/session', { ...body, tenant: 'obec' });
  const unknown = { ...body, tenant: 'neni' };
  assert.equal(
    (await new Visitor(running.url).say('POST', '/hradlo/v1/session', { body: unknown })).status,
    401,
  );
});

test('a text without a grant is read only for a reason, and only by whom it is given to', async () => {
  const { collections } = await platform.expect(200, 'GET', '/hradlo/v1/collections');
  const [collection] = collections as { id: string }[];
  const { documents } = await platform.expect(
    200,
    'GET',
    `/hradlo/v1/collections/${collection?.id}/documents`,
  );
  const [document] = documents as { versionId: string }[];
  const versionId = document?.versionId;
  const { grants } = await platform.expect(200, 'GET', `/admin/v1/collections/${collection?.id}/grants`);
  for (const { id } of grants as { id: number }[])
    await platform.expect(200, 'DELETE', `/admin/v1/collections/${collection?.id}/grants/${id}`);
  assert.equal((await platform.say('GET', `/hradlo/v1/versions/${versionId}/passage`)).status, 404);
  const without = await platform.say('POST', '/admin/v1/break-glass', { body: { versionId, reason: ' ' } });
  assert.equal(without.status, 400);
  const passage = await platform.expect(200, 'POST', '/admin/v1/break-glass', {
    versionId,
    reason: 'Kontrola na žádost pověřence.',
  });
  assert.ok((passage['chunks'] as unknown[]).length > 0);
  assert.equal((await platform.say('GET', `/hradlo/v1/versions/${versionId}/passage`)).status, 404, 'once');
  const foreign = await theirs.say('POST', '/admin/v1/break-glass', {
    body: { versionId, reason: 'Chci to prostě vidět.' },
  });
  assert.equal(foreign.status, 404, 'not of this tenant');
  const { visitor } = await addPerson(platform, running.url, { name: 'jana' });
  const refused = await visitor.say('POST', '/admin/v1/break-glass', {
    body: { versionId, reason: 'Chci to prostě vidět.' },
  });
  assert.equal(refused.status, 403);
});

test('a key that is held to a collection and a model reaches nothing else', async () => {
  const made = await platform.expect(201, 'POST', '/admin/v1/collections', { name: 'dalsi', title: 'Další' });
  const { program } = await addKey(platform, running.url, {
    name: 'jen další',
    scope: { collections: [made['id']], models: ['hradlo'] },
  });
  const { collections } = await program.expect(200, 'GET', '/hradlo/v1/collections');
  assert.deepEqual(
    (collections as { name: string }[]).map(({ name }) => name),
    ['dalsi'],
  );
  const { data } = await program.expect(200, 'GET', '/v1/models');
  assert.deepEqual(
    (data as { id: string }[]).map(({ id }) => id),
    ['hradlo', 'hradlo/dalsi'],
  );
  const other = await addKey(platform, running.url, { name: 'jiný model', scope: { models: ['jiny'] } });
  assert.equal((await other.program.say('POST', '/v1/chat/completions', { body: ask })).status, 404);
});
