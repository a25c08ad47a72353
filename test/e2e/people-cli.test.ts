import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCli } from '#cli/index.ts';
import { addPerson, setUpAdministrator, startTestServer, type TestServer } from '#test/running-server.ts';
import { Visitor } from '#test/visitor.ts';

let running: TestServer;
let administrator: Visitor;
before(async () => {
  running = await startTestServer({ samples: { load: true } });
  administrator = await setUpAdministrator(running);
});
after(() => running[Symbol.asyncDispose]());

/** Runs a command over the socket of the data folder and gives what it printed. */
async function hradlo(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const print = (part: string) => void (text += part);
  const code = await runCli(args, {
    socketPath: running.server.socketPath,
    absolute: (path) => path,
    offline: new Map(),
    print,
    printError: print,
  });
  return { code, text };
}
const done = async (...args: readonly string[]): Promise<string> => {
  const { code, text } = await hradlo(...args);
  assert.equal(code, 0, `${args.join(' ')}: ${text}`);
  return text;
};

test('a program gets an account and a key on the command line, and loses it', async () => {
  const id = (await done('people', 'service', 'robot', '--role', 'user')).split('\n')[0]!;
  assert.match(await done('people'), new RegExp(`${id}  robot  user  program`));
  const made = await done(
    'key',
    'create',
    'noční',
    '--for',
    'robot',
    '--collection',
    'ukazka',
    '--until',
    '2099-12-31',
  );
  const program = new Visitor(running.url, made.split('\n')[0]);
  await program.expect(200, 'GET', '/v1/models');
  const listed = (await done('key', 'list')).split('\n').find((line) => line.includes('noční'))!;
  assert.match(listed, /robot {2}noční .*until 2099-12-31/);
  await done('key', 'revoke', listed.split('  ')[0]!);
  assert.equal((await program.say('GET', '/v1/models')).status, 401);
  const body = { name: 'robot', passphrase: 'tři hrušky na stole' };
  assert.equal((await new Visitor(running.url).say('POST', '/hradlo/v1/session', { body })).status, 401);
});

test('nobody makes a key in the name of a person', async () => {
  const { id } = await addPerson(administrator, running.url, { name: 'jana' });
  const refused = await hradlo('key', 'create', 'cizí', '--for', 'jana');
  assert.equal(refused.code, 3);
  assert.match(refused.text, /makes their own keys/);
  const asked = await administrator.say('POST', `/admin/v1/people/${id}/keys`, { body: { name: 'cizí' } });
  assert.equal(asked.status, 403);
});

test('sessions are seen and ended, and a lost second step is taken away', async () => {
  const { visitor, id } = await addPerson(administrator, running.url, { name: 'petr' });
  assert.match(await done('people', 'sessions', id), /ses_/);
  await done('people', 'reset-totp', id);
  assert.equal((await visitor.say('GET', '/hradlo/v1/sessions')).status, 401, 'and whoever was in is out');
  assert.match(await done('people', 'sessions', id), /not signed in/);
  await done('people', 'sign-out', id);
  assert.equal((await hradlo('people', 'sessions', 'nobody')).code, 3);
  assert.equal((await hradlo('people', 'forget', id)).code, 2);
});

test('groups, owners, limits and the review are managed on the command line', async () => {
  const group = (await done('group', 'create', 'účetní')).trim();
  await done('grant', 'ukazka', `group:${group}`);
  assert.match(await done('owner', 'ukazka', 'add', `group:${group}`), new RegExp(`group:${group}`));
  assert.match(await done('owner', 'ukazka', 'remove', `group:${group}`), /administrators|since/);
  assert.match(
    await done('limits', 'set', 'each-person', 'requests', '100', '--window', '60'),
    /100 requests in 60 s/,
  );
  assert.match(await done('review'), /spravce {2}ukazka {2}collection {2}everyone/);
  assert.match(await done('review', '--csv', '--open'), /^\uFEFFperson,name,collection/);
  await done('group', 'remove', group);
  const id = /^(\d+) /.exec(await done('limits'))![1]!;
  assert.match(await done('limits', 'remove', id), /Nothing is limited/);
});

test('a text is read without a grant only for a reason', async () => {
  const { collections } = await administrator.expect(200, 'GET', '/admin/v1/collections');
  const [{ id } = { id: '' }] = collections as { id: string }[];
  const { documents } = await administrator.expect(200, 'GET', `/hradlo/v1/collections/${id}/documents`);
  const [document] = documents as { versionId: string; title: string }[];
  assert.equal((await hradlo('break-glass', document!.versionId)).code, 2);
  const text = await done('break-glass', document!.versionId, '--reason', 'Kontrola na žádost pověřence.');
  assert.ok(text.startsWith(document!.title));
});

test('attributes of a person are set, kept and taken away on the command line; the record names them', async () => {
  const { id } = await addPerson(administrator, running.url, { name: 'atributa' });
  assert.equal(await done('people', 'attributes', 'atributa'), 'Nothing is known of them.\n');
  await done('people', 'attributes', id, 'department=právní, mzdy', 'clearance=confidential');
  assert.equal(
    await done('people', 'attributes', id, 'region=cz'),
    'department  právní, mzdy\nclearance  confidential\nregion  cz\n',
  );
  assert.equal(await done('people', 'attributes', id, 'department=', 'region='), 'clearance  confidential\n');
  const refused = await hradlo('people', 'attributes', id, 'clearance=nejvyšší');
  assert.equal(refused.code, 3);
  assert.match(refused.text, /a clearance is one of public/);
  assert.equal((await hradlo('people', 'attributes', 'nikdo', 'x=y')).code, 2);
  assert.match(await done('audit', 'list', '--kind', 'person.changed', id), /"attributes":\["clearance"\]/);
});

test('what models cost is said on the command line, and a price of nothing is none', async () => {
  assert.equal(await done('prices'), 'Nothing has a price.\n');
  assert.equal(await done('prices', 'set', 'hradlo', '0.5', '1.25'), 'hradlo  0.5 input  1.25 output\n');
  assert.equal(await done('prices', 'set', 'hradlo', '0', '0'), 'Nothing has a price.\n');
  assert.equal((await hradlo('prices', 'set', 'hradlo')).code, 2);
});
