import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { runCli } from '#cli/index.ts';
import { addPerson, setUpAdministrator, startTestServer, type TestServer } from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

const QUESTION = 'Kolik dnů trvá zlatá lhůta v tajném spise?';

interface Event {
  readonly kind: string;
  readonly sequence: number;
  readonly at: string;
  readonly actor: { readonly subject: string };
  readonly fields: Readonly<Record<string, unknown>>;
}

let running: TestServer;
let administrator: Visitor;
let auditor: Visitor;
let eva: Awaited<ReturnType<typeof addPerson>>;

before(async () => {
  running = await startTestServer({ samples: { load: true } });
  administrator = await setUpAdministrator(running);
  ({ visitor: auditor } = await addPerson(administrator, running.url, { name: 'audit', roles: ['auditor'] }));
  eva = await addPerson(administrator, running.url, { name: 'eva' });
  const body = { model: 'hradlo', messages: [{ role: 'user', content: QUESTION }] };
  await eva.visitor.say('POST', '/hradlo/v1/answers', { body });
});
after(() => running[Symbol.asyncDispose]());

async function page(query: string): Promise<{ events: Event[]; next: string | null }> {
  const heard = await auditor.expect(200, 'GET', `/admin/v1/audit/events?${query}`);
  return heard as unknown as { events: Event[]; next: string | null };
}

test('an auditor reads events newest first, page by page, and finds them by what they are about', async () => {
  const all: Event[] = [];
  for (let after: string | null = ''; after !== null;) {
    const read = await page(`limit=7${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
    assert.ok(read.events.length <= 7);
    all.push(...read.events);
    after = read.next;
  }
  assert.ok(all.length > 10);
  const times = all.map(({ at }) => at);
  assert.deepEqual(times, times.toSorted().toReversed());
  assert.equal(new Set(all.map(({ sequence }) => sequence)).size, all.length);
  const { events } = await page(`kind=answer.&actor=${eva.id}`);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['answer.recorded', 'answer.begun'],
  );
  const answerId = String(events[0]!.fields['answerId']);
  const { events: named } = await page(`text=${answerId}`);
  assert.deepEqual(
    named.map(({ kind }) => kind),
    ['answer.recorded', 'answer.begun'],
  );
  assert.deepEqual((await page(`to=${events[1]!.at}&kind=answer.`)).events, []);
  // What an event names leads on: an auditor reads the certificate.
  await auditor.expect(200, 'GET', `/hradlo/v1/answers/${answerId}/certificate`);
});

test('no event says a word of a question', async () => {
  const heard = await auditor.say('GET', '/admin/v1/audit/events?limit=500');
  assert.doesNotMatch(heard.text, /zlatá|tajném/);
});

test('who may not read the record does not, and a place that nobody gave is refused', async () => {
  for (const [method, path] of [
    ['GET', 'events'],
    ['POST', 'verify'],
  ] as const)
    assert.equal((await eva.visitor.say(method, `/admin/v1/audit/${path}`)).status, 403);
  for (const query of ['after=x', 'kind=%25', 'from=vcera', 'limit=0'])
    assert.equal((await auditor.say('GET', `/admin/v1/audit/events?${query}`)).status, 400, query);
});

test('the record is verified while the server runs, once for all who ask at the same time', async () => {
  const both = await Promise.all([1, 2].map(() => auditor.expect(200, 'POST', '/admin/v1/audit/verify', {})));
  for (const found of both) {
    assert.equal(found['isWhole'], true, JSON.stringify(found));
    assert.ok(Number(found['events']) > 10);
  }
});

test('the command line lists events too', async () => {
  let text = '';
  const print = (part: string) => void (text += part);
  const surroundings = {
    socketPath: running.server.socketPath,
    absolute: (path: string) => path,
    offline: new Map(),
    print,
    printError: print,
  };
  const args = ['audit', 'list', '--kind', 'answer.recorded', '--person', eva.id];
  assert.equal(await runCli(args, surroundings), 0, text);
  assert.match(text, /^\S+Z {2}\d+ {2}answer\.recorded {2}hradlo\/usr_\w+ {2}\{.*"answerId":"ans_/);
  assert.equal(await runCli(['audit', 'nothing'], surroundings), 2);
});

test('an event that was changed behind the product is found', async () => {
  const database = new DatabaseSync(join(running.folder, 'hradlo.db'));
  database.exec(
    `DROP TRIGGER audit_event_no_update; UPDATE audit_event SET event = replace(event, '"user"', '"administrator"') WHERE kind = 'person.invited'`,
  );
  database.close();
  const { isWhole, faults } = await auditor.expect(200, 'POST', '/admin/v1/audit/verify', {});
  assert.equal(isWhole, false);
  const { events } = await page('kind=person.invited');
  const changed = (faults as { kind: string; sequence: number }[]).filter(({ kind }) => kind === 'changed');
  assert.equal(changed.length, 1, JSON.stringify(faults));
  assert.ok(events.some(({ sequence }) => sequence === changed[0]?.sequence));
});
