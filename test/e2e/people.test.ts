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
let administrator: Visitor;
before(async () => {
  running = await startTestServer({ samples: { load: true } });
});
after(() => running[Symbol.asyncDispose]());

const ask = { model: 'hradlo', messages: [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }] };

test('until somebody has an account this machine alone is served, and any key word is ignored', async () => {
  const anybody = new Visitor(running.url);
  const session = await anybody.expect(200, 'GET', '/hradlo/v1/session');
  assert.equal(session['state'], 'open');
  const program = new Visitor(running.url, 'sk-anything');
  await program.expect(200, 'POST', '/v1/chat/completions', ask);
});

test('the link of the first start makes the administrator once', async () => {
  const stranger = new Visitor(running.url);
  const body = { name: 'zloděj', displayName: 'Z', passphrase: PASSPHRASE };
  const wrong = await stranger.say('POST', '/hradlo/v1/set-up', { body: { ...body, token: 'x' } });
  assert.equal(wrong.status, 401);
  administrator = await setUpAdministrator(running);
  const session = await administrator.expect(200, 'GET', '/hradlo/v1/session');
  assert.equal(session['state'], 'signed-in');
  const token = running.server.setUpUrl?.split('/').at(-1);
  const again = await stranger.say('POST', '/hradlo/v1/set-up', { body: { ...body, token } });
  assert.equal(again.status, 409);
});

test('from then on nobody is let in without signing in', async () => {
  const anybody = new Visitor(running.url);
  for (const path of ['/hradlo/v1/collections', '/v1/models', '/metrics', '/admin/v1/people'])
    assert.equal((await anybody.say('GET', path)).status, 401, path);
  const session = await anybody.expect(200, 'GET', '/hradlo/v1/session');
  assert.deepEqual(session, { state: 'signed-out', person: null, csrfToken: null });
});

test('signing in takes name, passphrase and nothing else', async () => {
  const visitor = new Visitor(running.url);
  const signIn = (name: string, passphrase: string) =>
    visitor.say('POST', '/hradlo/v1/session', { body: { name, passphrase } });
  const wrongName = await signIn('nikdo', PASSPHRASE);
  const wrongPassphrase = await signIn('spravce', 'něco docela jiného');
  assert.equal(wrongName.status, 401);
  assert.equal(wrongName.body['detail'], wrongPassphrase.body['detail']);
  assert.equal((await signIn('Spravce', PASSPHRASE)).status, 200, 'names are folded');
});

test('a change needs the token of the session', async () => {
  const visitor = new Visitor(running.url);
  await visitor.expect(200, 'POST', '/hradlo/v1/session', { name: 'spravce', passphrase: PASSPHRASE });
  visitor.csrfToken = undefined;
  const refused = await visitor.say('POST', '/hradlo/v1/keys', { body: { name: 'x' } });
  assert.equal(refused.status, 403);
  assert.equal(refused.body['code'], 'origin.refused');
});

test('an invited person has the roles they were given, and may not give more', async () => {
  const { visitor, id } = await addPerson(administrator, running.url, { name: 'jana', roles: ['user'] });
  await visitor.expect(200, 'GET', '/hradlo/v1/collections');
  for (const path of ['/admin/v1/people', '/metrics'])
    assert.equal((await visitor.say('GET', path)).status, 403, path);
  await administrator.expect(200, 'PATCH', `/admin/v1/people/${id}`, { roles: ['user', 'auditor'] });
  await visitor.expect(200, 'GET', '/admin/v1/people');
});

test('a deactivated person is out at once, with their key', async () => {
  const { visitor, id } = await addPerson(administrator, running.url, { name: 'petr' });
  const { program } = await addKey(visitor, running.url);
  await program.expect(200, 'GET', '/v1/models');
  await administrator.expect(200, 'PATCH', `/admin/v1/people/${id}`, { isActive: false });
  assert.equal((await program.say('GET', '/v1/models')).status, 401);
  assert.equal((await visitor.say('GET', '/hradlo/v1/collections')).status, 401);
});

test('the last administrator cannot lock everybody out', async () => {
  const session = await administrator.expect(200, 'GET', '/hradlo/v1/session');
  const { id } = session['person'] as { id: string };
  const refused = await administrator.say('PATCH', `/admin/v1/people/${id}`, { body: { isActive: false } });
  assert.equal(refused.status, 409);
});

test('a key does what its scope says, from where it says, until it is revoked', async () => {
  const { program, id } = await addKey(administrator, running.url, {
    name: 'jen dotazy',
    scope: { permissions: ['ask'] },
    addresses: ['127.0.0.0/8'],
  });
  await program.expect(200, 'GET', '/v1/models');
  assert.equal((await program.say('GET', '/hradlo/v1/collections')).status, 403);
  await administrator.expect(200, 'DELETE', `/hradlo/v1/keys/${id}`);
  assert.equal((await program.say('GET', '/v1/models')).status, 401);
  const elsewhere = await addKey(administrator, running.url, { name: 'jinde', addresses: ['10.0.0.0/8'] });
  assert.equal((await elsewhere.program.say('GET', '/v1/models')).status, 401);
});

test('a session that was ended is over', async () => {
  const { visitor } = await addPerson(administrator, running.url, { name: 'eva' });
  const other = new Visitor(running.url);
  await other.expect(200, 'POST', '/hradlo/v1/session', { name: 'eva', passphrase: PASSPHRASE });
  const { sessions } = await visitor.expect(200, 'GET', '/hradlo/v1/sessions');
  const strange = (sessions as { id: string; isCurrent: boolean }[]).find(({ isCurrent }) => !isCurrent);
  await visitor.expect(200, 'DELETE', `/hradlo/v1/sessions/${strange?.id}`);
  assert.equal((await other.say('GET', '/hradlo/v1/sessions')).status, 401);
  await visitor.expect(200, 'DELETE', '/hradlo/v1/session');
  assert.equal(visitor.cookie, undefined);
});

test('a grant and its removal act on the next request, and the reasons are told', async () => {
  const { collections } = await administrator.expect(200, 'GET', '/hradlo/v1/collections');
  const [collection] = collections as { id: string; name: string }[];
  const { visitor, id } = await addPerson(administrator, running.url, { name: 'karel' });
  const path = `/admin/v1/collections/${collection?.id}/grants`;
  const { grants } = await administrator.expect(200, 'GET', path);
  const [everyone] = grants as { id: number; subject: string }[];
  assert.equal(everyone?.subject, 'everyone');
  await administrator.expect(200, 'DELETE', `${path}/${everyone?.id}`);
  assert.deepEqual(await visitor.expect(200, 'GET', '/hradlo/v1/collections'), { collections: [] });
  const rule = { kind: 'anyOf', attribute: 'department', values: ['právní'] };
  await administrator.expect(201, 'POST', path, { subject: `principal:hradlo/${id}`, condition: rule });
  const reach = await administrator.expect(200, 'GET', `/admin/v1/people/${id}/access`);
  const [target] = reach['targets'] as { allowed: boolean; reasons: { code: string }[] }[];
  assert.equal(target?.allowed, false);
  assert.equal(target?.reasons[0]?.code, 'grant.suspended');
  await administrator.expect(200, 'PATCH', `/admin/v1/people/${id}`, {
    attributes: { department: ['právní'] },
  });
  const after = await visitor.expect(200, 'GET', '/hradlo/v1/collections');
  assert.equal((after['collections'] as unknown[]).length, 1);
});

test('a foreign host, a foreign origin and a form are refused everywhere', async () => {
  const visitor = new Visitor(running.url);
  for (const path of ['/', '/healthz', '/metrics', '/v1/models', '/hradlo/v1/session']) {
    const rebound = await visitor.say('GET', path, { headers: { host: 'evil.example' } });
    assert.equal(rebound.status, 421, path);
    const foreign = await visitor.say('GET', path, { headers: { origin: 'https://evil.example' } });
    assert.equal(foreign.status, 403, path);
  }
  const form = await administrator.say('POST', '/hradlo/v1/session', {
    headers: { 'content-type': 'text/plain' },
    body: { name: 'spravce', passphrase: PASSPHRASE },
  });
  assert.equal(form.status, 400);
});

test('the link of the first start is the same after a restart, and a guesser waits on', async () => {
  const first = await startTestServer();
  const link = new URL(first.server.setUpUrl!).hash;
  await first.server[Symbol.asyncDispose]();
  const second = await startTestServer({}, first.folder, { keepsFolder: true });
  assert.equal(new URL(second.server.setUpUrl!).hash, link);
  await setUpAdministrator(second);
  const guess = (server: TestServer) =>
    new Visitor(server.url).say('POST', '/hradlo/v1/session', {
      body: { name: 'spravce', passphrase: 'hádám hádám hádám' },
    });
  // At once, so that however slow the machine is, the wait they earn is a long one.
  await Promise.all(Array.from({ length: 14 }, () => guess(second)));
  assert.equal((await guess(second)).status, 429);
  await second.server[Symbol.asyncDispose]();
  await using third = await startTestServer({}, first.folder);
  const waiting = await guess(third);
  assert.equal(waiting.status, 429);
  assert.ok(Number(waiting.headers['retry-after']) >= 1);
  assert.equal(third.server.setUpUrl, undefined);
});
