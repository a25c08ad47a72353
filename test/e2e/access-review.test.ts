import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, setUpAdministrator, startTestServer, type TestServer } from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

interface Row {
  readonly userId: string;
  readonly userName: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly targetId: string | null;
  readonly kind: string;
  readonly documentTitle: string | null;
  readonly reasons: readonly { readonly code: string; readonly subject: string }[];
  readonly since: string | null;
  readonly lastUsedAt: string | null;
  readonly review: { readonly verdict: string; readonly isCurrent: boolean } | null;
}

let running: TestServer;
let administrator: Visitor;
let collectionId: string;
before(async () => {
  running = await startTestServer({ samples: { load: true } });
  administrator = await setUpAdministrator(running);
  const { collections } = await administrator.expect(200, 'GET', '/admin/v1/collections');
  collectionId = (collections as { id: string }[])[0]!.id;
});
after(() => running[Symbol.asyncDispose]());

async function rowsOf(visitor: Visitor, query = ''): Promise<readonly Row[]> {
  const { rows } = await visitor.expect(200, 'GET', `/admin/v1/access-review${query}`);
  return rows as readonly Row[];
}

test('a review says who may read what, why, since when and when it was last of use', async () => {
  const { visitor, id } = await addPerson(administrator, running.url, { name: 'jana' });
  const [before] = await rowsOf(administrator, `?userId=${id}&collectionId=${collectionId}`);
  assert.equal(before?.kind, 'collection');
  assert.deepEqual(before.reasons, [{ code: 'grant.allows', from: 'collection', subject: 'everyone' }]);
  assert.ok(Date.parse(before.since!) <= Date.now());
  assert.equal(before.lastUsedAt, null);
  const messages = [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }];
  await visitor.expect(200, 'POST', '/v1/chat/completions', { model: 'hradlo', messages });
  const [used] = await rowsOf(administrator, `?userId=${id}&collectionId=${collectionId}`);
  assert.ok(Date.parse(used!.lastUsedAt!) > Date.parse(used!.since!));
});

test('a mark holds until the reasons are others', async () => {
  const { id } = await addPerson(administrator, running.url, { name: 'petr' });
  const mark = { userId: id, collectionId, verdict: 'keep', note: 'Patří do oddělení.' };
  const marked = await administrator.expect(200, 'POST', '/admin/v1/access-review/marks', { marks: [mark] });
  assert.deepEqual(marked, { marked: 1 });
  const open = `?userId=${id}&collectionId=${collectionId}&state=open`;
  const ofBase = async (query: string) =>
    (await rowsOf(administrator, query)).filter(({ targetId }) => !targetId);
  assert.deepEqual(await ofBase(open), []);
  const subject = `principal:hradlo/${id}`;
  await administrator.expect(201, 'POST', `/admin/v1/collections/${collectionId}/grants`, { subject });
  const [again] = await ofBase(open);
  assert.equal(again?.review?.isCurrent, false);
  assert.equal(again.review.verdict, 'keep');
  const nobody = { ...mark, userId: id.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
  const refused = await administrator.say('POST', '/admin/v1/access-review/marks', {
    body: { marks: [nobody] },
  });
  assert.equal(refused.status, 404);
});

test('pages joined are the whole, and the export has as many rows', async () => {
  const whole = await rowsOf(administrator, '?limit=1000');
  const joined: Row[] = [];
  let after = '';
  for (;;) {
    const page = await administrator.expect(200, 'GET', `/admin/v1/access-review?limit=3${after}`);
    joined.push(...(page['rows'] as Row[]));
    const next = page['next'] as string | null;
    if (next === null) break;
    after = `&after=${next}`;
  }
  assert.deepEqual(joined, whole);
  const csv = await administrator.say('GET', '/admin/v1/access-review/export');
  assert.match(String(csv.headers['content-type']), /^text\/csv/);
  assert.equal(csv.text.trim().split('\r\n').length, whole.length + 1);
  const json = await administrator.say('GET', '/admin/v1/access-review/export?format=json');
  assert.deepEqual(
    json.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    whole,
  );
  for (const wrong of ['?after=x', '?userId=x', '?collectionId=1', '?limit=0', '?state=closed'])
    assert.equal((await administrator.say('GET', `/admin/v1/access-review${wrong}`)).status, 400, wrong);
  const wrong = await administrator.say('GET', '/admin/v1/access-review/export?userId=x');
  assert.equal(wrong.status, 400, 'said before the first line');
});

test('an owner manages their collection and no other, and reads none of it by that', async () => {
  const owner = await addPerson(administrator, running.url, {
    name: 'vlastnik',
    roles: ['collection-owner'],
  });
  const user = await addPerson(administrator, running.url, { name: 'uzivatel' });
  const made = await administrator.expect(201, 'POST', '/admin/v1/collections', {
    name: 'tajna',
    title: 'T',
  });
  const path = `/admin/v1/collections/${String(made['id'])}`;
  const subject = `principal:hradlo/${owner.id}`;
  assert.equal((await owner.visitor.say('GET', `${path}/grants`)).status, 404);
  // Everyone may read the samples, and yet only who answers for them manages them.
  assert.equal((await owner.visitor.say('GET', `/admin/v1/collections/${collectionId}/grants`)).status, 404);
  await administrator.expect(201, 'POST', `${path}/owners`, { subject });
  assert.deepEqual(await owner.visitor.expect(200, 'GET', '/admin/v1/collections'), {
    collections: [{ id: made['id'], name: 'tajna' }],
  });
  const { collections } = await owner.visitor.expect(200, 'GET', '/hradlo/v1/collections');
  assert.ok(!JSON.stringify(collections).includes('tajna'), 'owning is not reading');
  await owner.visitor.expect(201, 'POST', `${path}/grants`, { subject: `principal:hradlo/${user.id}` });
  assert.deepEqual(
    (await rowsOf(owner.visitor)).map(({ collectionName }) => collectionName),
    ['tajna', 'tajna'],
    'the maker of it and the user',
  );
  assert.equal((await user.visitor.say('GET', '/admin/v1/access-review')).status, 403);
  const helpless = { subject: `principal:hradlo/${user.id}` };
  assert.equal((await administrator.say('POST', `${path}/owners`, { body: helpless })).status, 400);
  await administrator.expect(200, 'DELETE', `${path}/owners?subject=${encodeURIComponent(subject)}`);
  assert.equal((await owner.visitor.say('GET', `${path}/grants`)).status, 404);
});

test('exceptions are listed for whom they concern, and a title only to whom may read it', async () => {
  const { documents } = await administrator.expect(
    200,
    'GET',
    `/hradlo/v1/collections/${collectionId}/documents`,
  );
  const [document] = documents as { id: string; title: string }[];
  const rule = { kind: 'clearance', atLeast: 'confidential' };
  await administrator.expect(200, 'PUT', `/admin/v1/documents/${document!.id}/access`, { rules: [rule] });
  for (const path of [`collections/${collectionId}`, `documents/${document!.id}`]) {
    const { exceptions } = await administrator.expect(200, 'GET', `/admin/v1/${path}/exceptions`);
    const [one] = (
      exceptions as { documentId: string; documentTitle: string | null; rules: object[] }[]
    ).filter(({ documentId }) => documentId === document!.id);
    assert.deepEqual(one?.rules, [rule]);
    assert.equal(one.documentTitle, null, 'the administrator lacks the clearance');
  }
  const cleared = await addPerson(administrator, running.url, {
    name: 'auditor',
    roles: ['auditor', 'user'],
    attributes: { clearance: ['restricted'] },
  });
  const seen = await cleared.visitor.expect(200, 'GET', `/admin/v1/documents/${document!.id}/exceptions`);
  assert.equal((seen['exceptions'] as { documentTitle: string }[])[0]?.documentTitle, document!.title);
  const rows = await rowsOf(administrator, '?limit=1000');
  const exceptional = rows.filter(({ targetId }) => targetId === document!.id);
  assert.deepEqual(
    exceptional.map(({ userName }) => userName),
    ['auditor'],
  );
  await administrator.expect(200, 'DELETE', `/admin/v1/documents/${document!.id}/access`);
});

test('who drew from a limit, and what models cost, can be looked up', async () => {
  const limit = { subject: 'each-person', metric: 'requests', amount: 10 };
  const { id } = await administrator.expect(200, 'PUT', '/admin/v1/limits', limit);
  const { visitor } = await addPerson(administrator, running.url, { name: 'zdenek' });
  const messages = [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }];
  await visitor.expect(200, 'POST', '/v1/chat/completions', { model: 'hradlo', messages });
  const { holders } = await administrator.expect(200, 'GET', `/admin/v1/limits/${String(id)}/use`);
  assert.equal((holders as { remaining: number }[])[0]?.remaining, 9);
  assert.equal((await administrator.say('GET', '/admin/v1/limits/999/use')).status, 404);
  const price = { model: 'hradlo', inputMicro: 5, outputMicro: 7 };
  await administrator.expect(200, 'PUT', '/admin/v1/prices', price);
  assert.deepEqual(await administrator.expect(200, 'GET', '/admin/v1/prices'), { prices: [price] });
});
