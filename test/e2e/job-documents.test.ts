import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { addPerson, setUpAdministrator, startTestServer, type TestServer } from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

interface Job {
  readonly kind: string;
  readonly state: string;
  readonly document: { readonly title: string; readonly versionId: string | null } | null;
}
interface Collection {
  readonly id: string;
  readonly documentCount: number;
}

let running: TestServer;
let administrator: Visitor;
/** Looks after the server, and reads what everybody may. */
let keeper: { readonly visitor: Visitor; readonly id: string };
let collectionId: string;
before(async () => {
  running = await startTestServer();
  administrator = await setUpAdministrator(running);
  keeper = await addPerson(administrator, running.url, { name: 'provoz', roles: ['operator', 'user'] });
  const made = await administrator.expect(201, 'POST', '/admin/v1/collections', {
    name: 'smlouvy',
    title: 'Smlouvy',
  });
  collectionId = String(made['id']);
});
after(() => running[Symbol.asyncDispose]());

async function jobsOf(visitor: Visitor): Promise<Job[]> {
  const { jobs } = await visitor.expect(200, 'GET', '/admin/v1/jobs?kind=document.ingest');
  return jobs as Job[];
}
const titlesOf = async (visitor: Visitor) =>
  (await jobsOf(visitor)).map(({ document }) => document?.title ?? null);

async function countOf(visitor: Visitor): Promise<number | undefined> {
  const { collections } = await visitor.expect(200, 'GET', '/hradlo/v1/collections');
  return (collections as Collection[]).find(({ id }) => id === collectionId)?.documentCount;
}

async function upload(path: string, text: string): Promise<void> {
  const address = `/hradlo/v1/collections/${collectionId}/documents?path=${encodeURIComponent(path)}`;
  const heard = await administrator.upload(address, text);
  assert.equal(heard.status, 202, heard.text);
}

async function whenRead(): Promise<void> {
  for (
    let tries = 0;
    (await jobsOf(administrator)).some(({ state }) => /queued|running/.test(state));
    tries++
  ) {
    if (tries === 400) assert.fail('never read');
    await setTimeout(50);
  }
}

test('a job names its document to those who may read it, and to nobody else', async () => {
  await upload('najem.md', '# Nájem kanceláře\n\nNájem činí deset tisíc korun.\n');
  await whenRead();
  await administrator.expect(201, 'POST', `/admin/v1/collections/${collectionId}/grants`, {
    subject: 'role:administrator',
  });
  assert.deepEqual(await titlesOf(administrator), ['Nájem kanceláře']);
  assert.deepEqual(await titlesOf(keeper.visitor), [null]);
  await administrator.expect(201, 'POST', `/admin/v1/collections/${collectionId}/grants`, {
    subject: `principal:hradlo/${keeper.id}`,
  });
  assert.deepEqual(await titlesOf(keeper.visitor), ['Nájem kanceláře']);
  const [job] = await jobsOf(keeper.visitor);
  const passage = await keeper.visitor.say('GET', `/hradlo/v1/versions/${job?.document?.versionId}/passage`);
  assert.equal(passage.status, 200);
});

test('a file that could not be read goes by its name, for those who keep its collection', async () => {
  await upload('rozbity.pdf', '%PDF-1.7\nnothing more');
  await whenRead();
  assert.ok((await titlesOf(administrator)).includes('rozbity.pdf'));
  assert.deepEqual(new Set(await titlesOf(keeper.visitor)), new Set(['Nájem kanceláře', null]));
});

test('a collection says how many documents one may read, and the list holds as many', async () => {
  assert.equal(await countOf(keeper.visitor), 1);
  await upload('mzdy.md', '# Mzdy\n\nMzda vedoucího činí sto tisíc korun.\n');
  await whenRead();
  assert.equal(await countOf(keeper.visitor), 2);
  const list = async (visitor: Visitor) => {
    const { documents } = await visitor.expect(
      200,
      'GET',
      `/hradlo/v1/collections/${collectionId}/documents`,
    );
    return documents as { id: string; title: string }[];
  };
  const mzdy = (await list(administrator)).find(({ title }) => title === 'Mzdy');
  await administrator.expect(200, 'PUT', `/admin/v1/documents/${mzdy?.id}/access`, {
    inherits: false,
    entries: [{ subject: 'role:administrator' }],
  });
  assert.deepEqual([await countOf(keeper.visitor), await countOf(administrator)], [1, 2]);
  assert.deepEqual(
    (await list(keeper.visitor)).map(({ title }) => title),
    ['Nájem kanceláře'],
  );
  assert.ok(!(await titlesOf(keeper.visitor)).includes('Mzdy'));
});
