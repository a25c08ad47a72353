import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { runCli } from '#cli/index.ts';
import { addPerson, PASSPHRASE, setUpAdministrator, startTestServer } from '#test/running-server.ts';
import { Visitor } from '#test/visitor.ts';

const QUESTION = 'Kolik stojí výměna ŘP?';
const TEXT = `# Správní poplatky

## Doklady

Za výměnu řidičského průkazu se platí správní poplatek 200 Kč.

Za vydání občanského průkazu se platí správní poplatek 300 Kč.
`;
const LIST = 'ŘP = řidičský průkaz\n';

interface Told {
  readonly id: string;
  readonly text: string;
  readonly grade: string;
  readonly release: string;
}

async function ask(who: Visitor, question = QUESTION): Promise<Told> {
  const body = { model: 'hradlo', messages: [{ role: 'user', content: question }] };
  const said = await who.expect(200, 'POST', '/v1/chat/completions', body);
  const { id, system_fingerprint, choices, hradlo } = said as unknown as {
    id: string;
    system_fingerprint: string;
    choices: { message: { content: string } }[];
    hradlo: { grade: string };
  };
  return { id, text: choices[0]!.message.content, grade: hradlo.grade, release: system_fingerprint };
}

async function takeIn(administrator: Visitor, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'poplatky.md'), TEXT);
  const { id } = await administrator.expect(202, 'POST', '/hradlo/v1/sources', {
    collection: 'urad',
    folder,
  });
  for (let tries = 0; tries < 600; tries++) {
    const state = await administrator.expect(200, 'GET', `/hradlo/v1/sources/${String(id)}`);
    if ((state['files'] as Record<string, number>)['indexed'] === 1) return;
    await setTimeout(100);
  }
  assert.fail('the document did not come in');
}

await test('synonyms of a tenant', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-synonyms-'));
  await using running = await startTestServer();
  const administrator = await setUpAdministrator(running);
  await takeIn(administrator, folder);
  const set = (text: string) => administrator.expect(200, 'PUT', '/admin/v1/synonyms', { text });
  const hradlo = async (...args: readonly string[]): Promise<string> => {
    let said = '';
    const print = (part: string) => void (said += part);
    const absolute = (path: string) => path;
    const { socketPath } = running.server;
    await runCli(args, { socketPath, absolute, offline: new Map(), print, printError: print });
    return said;
  };
  let direct = await ask(administrator, 'Kolik stojí výměna řidičského průkazu?');
  for (let tries = 0; tries < 100 && direct.grade === 'insufficient'; tries++) {
    await setTimeout(100);
    direct = await ask(administrator, 'Kolik stojí výměna řidičského průkazu?');
  }
  const plain = await ask(administrator);

  await t.test('without a list an abbreviation that no document has is not answered', () => {
    assert.equal(plain.grade, 'insufficient');
    assert.match(direct.text, /200 Kč/);
  });

  await t.test('with one it is, from the next question on, and the release names the list', async () => {
    const { digest, groups } = await set(LIST);
    assert.equal(groups, 1);
    const told = await ask(administrator);
    assert.deepEqual([told.grade, told.text], [direct.grade, direct.text]);
    assert.notEqual(told.release, plain.release);
    const certificate = await administrator.expect(200, 'GET', `/hradlo/v1/answers/${told.id}/certificate`);
    assert.ok(JSON.stringify(certificate).includes(String(digest)));
    // A question that none of them concerns is answered as before.
    assert.equal((await ask(administrator, 'Kolik stojí výměna řidičského průkazu?')).text, direct.text);
  });

  await t.test('the trace says which synonym made a match', async () => {
    const body = { question: QUESTION, trace: true };
    const { trace } = (await administrator.expect(200, 'POST', '/hradlo/v1/retrieve', body)) as unknown as {
      trace: {
        question: { wordings: { text: string; replaced: { asked: string; by: string }[] }[] };
        pieces: { signals: Record<string, number> }[];
      };
    };
    assert.deepEqual(trace.question.wordings, [
      { text: 'Kolik stojí výměna řidičský průkaz?', replaced: [{ asked: 'ŘP', by: 'řidičský průkaz' }] },
    ]);
    assert.equal(trace.pieces[0]?.signals['wording'], 1);
  });

  await t.test('an answer is made again with the list that it was made with', async () => {
    const { id } = await ask(administrator);
    await set('ŘP = řídicí pult\n');
    assert.equal((await ask(administrator)).grade, 'insufficient');
    const replay = await administrator.expect(200, 'POST', `/hradlo/v1/answers/${id}/replay`, {});
    assert.deepEqual([replay['prompt'], replay['answer'], replay['release']], ['equal', 'equal', 'changed']);
    await set(LIST);
    const again = await administrator.expect(200, 'POST', `/hradlo/v1/answers/${id}/replay`, {});
    assert.deepEqual([again['answer'], again['release']], ['equal', 'same']);
  });

  await t.test('a list that is none says which line, and nothing changes', async () => {
    const { status, body } = await administrator.say('PUT', '/admin/v1/synonyms', {
      body: { text: 'ŘP = řidičský průkaz\nsama\n' },
    });
    assert.equal(status, 400);
    assert.match(String(body['detail']), /Line 2/);
    assert.equal((await administrator.expect(200, 'GET', '/admin/v1/synonyms'))['text'], LIST);
  });

  await t.test('the command line takes a file in and gives it back, and takes the list away', async () => {
    const file = join(folder, 'slovnik.txt');
    writeFileSync(file, `${LIST}# konec\n`);
    assert.match(await hradlo('synonyms', 'import', file), /^1 groups since .*sha256:/);
    assert.equal(await hradlo('synonyms', 'export'), `${LIST}# konec\n`);
    assert.match(await hradlo('synonyms'), /ŘP = řidičský průkaz/);
    assert.match(await hradlo('synonyms', 'clear'), /No synonyms/);
    const bare = await ask(administrator);
    assert.deepEqual([bare.text, bare.release], [plain.text, plain.release]);
    assert.match(await hradlo('synonyms', 'import'), /hradlo synonyms/);
    await set(LIST);
  });

  await t.test('every change is an event, without a word of the list', async () => {
    const { events } = (await administrator.expect(
      200,
      'GET',
      '/admin/v1/audit/events?kind=synonyms.set',
    )) as unknown as { events: object[] };
    assert.ok(events.length >= 5);
    assert.ok(!JSON.stringify(events).includes('průkaz'));
  });

  await t.test('another tenant neither sees the list nor is answered by it', async () => {
    const body = { name: 'obec', administrator: 'starosta' };
    const made = await administrator.expect(201, 'POST', '/admin/v1/tenants', body);
    const theirs = new Visitor(running.url);
    const invitation = { token: made['token'], displayName: 'Starosta', passphrase: PASSPHRASE };
    await theirs.expect(200, 'POST', '/hradlo/v1/invitation', invitation);
    assert.equal((await theirs.expect(200, 'GET', '/admin/v1/synonyms'))['text'], '');
    const asked = { question: QUESTION, trace: true };
    const { trace } = (await theirs.expect(200, 'POST', '/hradlo/v1/retrieve', asked)) as unknown as {
      trace: { question: { wordings: object[] } };
    };
    assert.deepEqual(trace.question.wordings, []);
    await theirs.expect(200, 'PUT', '/admin/v1/synonyms', { text: 'ŘP = řídicí program\n' });
    assert.equal((await administrator.expect(200, 'GET', '/admin/v1/synonyms'))['text'], LIST);
    assert.equal((await ask(administrator)).text, direct.text);
  });

  await t.test('who only asks neither reads nor sets it', async () => {
    const { visitor } = await addPerson(administrator, running.url, { name: 'jana', roles: ['user'] });
    assert.equal((await visitor.say('GET', '/admin/v1/synonyms')).status, 403);
    const body = { text: '' };
    assert.equal((await visitor.say('PUT', '/admin/v1/synonyms', { body })).status, 403);
  });
  rmSync(folder, { recursive: true });
});
