import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeAuthenticator } from '#test/authenticator.ts';
import { setUpAdministrator, startTestServer, type TestServer } from '#test/running-server.ts';
import { Visitor, type Heard } from '#test/visitor.ts';

let running: TestServer;
let administrator: Visitor;
let page: { host: string; origin: string };
before(async () => {
  running = await startTestServer();
  administrator = await setUpAdministrator(running);
  const { port } = new URL(running.url);
  page = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
});
after(() => running[Symbol.asyncDispose]());

const authenticator = makeAuthenticator('P-256');
const contextOf = (heard: Heard) => ({
  challenge: String(heard.body['challenge']),
  relyingPartyId: 'localhost',
  origin: page.origin,
});
const say = (visitor: Visitor, method: string, path: string, body?: object) =>
  visitor.say(method, path, { headers: page, body });

test('a person adds a passkey and signs in with it, and with nothing else', async () => {
  const offer = await say(administrator, 'POST', '/hradlo/v1/account/passkey-offers');
  assert.equal(offer.status, 200);
  const { challenge } = contextOf(offer);
  const body = { name: 'notebook', challenge, ...authenticator.create(contextOf(offer)) };
  assert.equal((await say(administrator, 'POST', '/hradlo/v1/account/passkeys', body)).status, 201);
  assert.equal((await say(administrator, 'POST', '/hradlo/v1/account/passkeys', body)).status, 401, 'once');
  const browser = new Visitor(running.url);
  const begun = await say(browser, 'POST', '/hradlo/v1/passkey-challenges');
  const answer = { challenge: contextOf(begun).challenge, ...authenticator.get(contextOf(begun)) };
  const signedIn = await say(browser, 'POST', '/hradlo/v1/passkey-session', answer);
  assert.equal(signedIn.status, 200);
  assert.equal((await browser.say('GET', '/hradlo/v1/sessions')).status, 200);
  assert.equal(
    (await say(new Visitor(running.url), 'POST', '/hradlo/v1/passkey-session', answer)).status,
    401,
  );
});

test('a passkey of another authenticator, or for another page, opens nothing', async () => {
  const browser = new Visitor(running.url);
  for (const [who, change] of [
    [makeAuthenticator('P-256'), {}],
    [authenticator, { origin: 'http://evil.example' }],
    [authenticator, { relyingPartyId: 'evil.example' }],
  ] as const) {
    const begun = await say(browser, 'POST', '/hradlo/v1/passkey-challenges');
    const answer = who.get({ ...contextOf(begun), ...change });
    const body = { challenge: contextOf(begun).challenge, ...answer };
    assert.equal((await say(browser, 'POST', '/hradlo/v1/passkey-session', body)).status, 401);
  }
});

test('a passkey that was taken away signs nobody in', async () => {
  const { passkeys } = await administrator.expect(200, 'GET', '/hradlo/v1/account/passkeys');
  const [{ id, name } = { id: '', name: '' }] = passkeys as { id: string; name: string }[];
  assert.equal(name, 'notebook');
  await administrator.expect(200, 'DELETE', `/hradlo/v1/account/passkeys/${id}`);
  const browser = new Visitor(running.url);
  const begun = await say(browser, 'POST', '/hradlo/v1/passkey-challenges');
  const body = { challenge: contextOf(begun).challenge, ...authenticator.get(contextOf(begun)) };
  assert.equal((await say(browser, 'POST', '/hradlo/v1/passkey-session', body)).status, 401);
});
