import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Plant, type PlantedDocument, type PlantedPerson } from '#test/plant.ts';
import { startTestServer, type TestServer } from '#test/running-server.ts';
import { Visitor } from '#test/visitor.ts';

let running: TestServer;
let administrator: Visitor;
let lawyer: { readonly person: PlantedPerson; readonly visitor: Visitor };
let guest: { readonly person: PlantedPerson; readonly visitor: Visitor };
let salary: PlantedDocument;
before(async () => {
  const plant = new Plant();
  const { tenantId } = plant;
  const everyone = { effect: 'allow', subject: 'everyone', condition: undefined } as const;
  const collectionId = plant.collection(tenantId, 'predpisy', [everyone]);
  salary = plant.document({ tenantId, collectionId }, 'Mzdový řád', [
    'Základní mzda truhláře je tajných 480 korun. ',
    'Pracovní doba truhláře začíná v šest hodin. ',
  ]);
  const boss = plant.person(tenantId, 'spravce', { roles: ['administrator'] });
  const attributes = { department: ['pravni'], region: ['cz'], clearance: ['confidential'] };
  const people = [plant.person(tenantId, 'pravnik', { attributes }), plant.person(tenantId, 'host')];
  running = await startTestServer({}, plant.close());
  administrator = new Visitor(running.url, boss.key);
  [lawyer, guest] = people.map((person) => ({
    person,
    visitor: new Visitor(running.url, person.key),
  })) as [typeof lawyer, typeof guest];
});
after(() => running[Symbol.asyncDispose]());

const question = (hradlo: object = {}) => ({
  model: 'hradlo',
  messages: [{ role: 'user', content: 'Jaká je základní mzda truhláře?' }],
  hradlo,
});
const hears = async ({ visitor }: typeof lawyer, hradlo: object = {}): Promise<boolean> =>
  (await visitor.say('POST', '/v1/chat/completions', { body: question(hradlo) })).text.includes('480 korun');
const say = (path: string, rules: readonly object[]) =>
  administrator.expect(200, 'PUT', `/admin/v1/documents/${salary.id}${path}/access`, { rules });

test('department, region, clearance and days decide on documents and on single chunks', async () => {
  const nowMs = Date.now();
  const rules: readonly (readonly [object, boolean, boolean])[] = [
    [{ kind: 'anyOf', attribute: 'department', values: ['pravni', 'mzdy'] }, true, false],
    [{ kind: 'noneOf', attribute: 'department', values: ['pravni'] }, false, false],
    [{ kind: 'anyOf', attribute: 'region', values: ['sk'] }, false, false],
    [{ kind: 'clearance', atLeast: 'internal' }, true, false],
    [{ kind: 'clearance', atLeast: 'restricted' }, false, false],
    [{ kind: 'during', fromMs: nowMs - 1000, toMs: nowMs + 3_600_000 }, true, true],
    [{ kind: 'during', fromMs: null, toMs: nowMs - 1000 }, false, false],
    [
      {
        kind: 'any',
        of: [
          { kind: 'clearance', atLeast: 'internal' },
          { kind: 'all', of: [] },
        ],
      },
      true,
      true,
    ],
  ];
  for (const path of ['', `/chunks/${salary.chunkIds[0]!}`]) {
    for (const [rule, ofLawyer, ofGuest] of rules) {
      await say(path, [rule]);
      const heard = [await hears(lawyer), await hears(guest)];
      assert.deepEqual(heard, [ofLawyer, ofGuest], `${path} ${JSON.stringify(rule)}`);
    }
    await administrator.expect(200, 'DELETE', `/admin/v1/documents/${salary.id}${path}/access`);
    assert.ok(await hears(guest), 'and it follows what is further up again');
  }
});

test('a purpose is stated with the question or with any request, and is not presumed', async () => {
  await say('', [{ kind: 'purpose', values: ['kontrola', 'vyšetřování'] }]);
  assert.equal(await hears(lawyer), false);
  assert.equal(await hears(lawyer, { purpose: 'zvedavost' }), false);
  assert.equal(await hears(lawyer, { purpose: 'kontrola' }), true);
  const ollama = { ...question({ purpose: 'kontrola' }), stream: false };
  assert.ok((await lawyer.visitor.say('POST', '/api/chat', { body: ollama })).text.includes('480 korun'));
  const retrieve = { question: 'základní mzda truhláře', scope: { purpose: 'kontrola' } };
  assert.ok(
    (await lawyer.visitor.say('POST', '/hradlo/v1/retrieve', { body: retrieve })).text.includes('480 korun'),
  );
  const passage = `/hradlo/v1/versions/${salary.versionId}/passage`;
  assert.equal((await lawyer.visitor.say('GET', passage)).status, 404);
  const headers = { 'x-hradlo-purpose': encodeURIComponent('vyšetřování') };
  assert.equal((await lawyer.visitor.say('GET', passage, { headers })).status, 200);
  for (const wrong of ['two words', '%', '<b>', ''])
    assert.equal(
      (await lawyer.visitor.say('GET', passage, { headers: { 'x-hradlo-purpose': wrong } })).status,
      400,
      wrong,
    );
  const reach = `/admin/v1/documents/${salary.id}/access`;
  const allowed = async (query: string) => {
    const { people } = await administrator.expect(200, 'GET', `${reach}${query}`);
    return (people as { userId: string; allowed: boolean }[]).find(
      ({ userId }) => userId === lawyer.person.id,
    )?.allowed;
  };
  assert.equal(await allowed(''), false);
  assert.equal(await allowed('?purpose=kontrola'), true);
  await administrator.expect(200, 'DELETE', `/admin/v1/documents/${salary.id}/access`);
});

test('a rule that is none is refused with its place, and changes nothing', async () => {
  const wrong: readonly object[] = [
    { kind: 'everything' },
    { kind: 'anyOf', attribute: 'department' },
    { kind: 'clearance', atLeast: 'cosmic' },
    { kind: 'during', fromMs: 'today', toMs: null },
    { kind: 'all', of: [{ kind: 'all' }] },
    { kind: 'purpose', values: ['x'], more: 1 },
  ];
  for (const rule of wrong) {
    const heard = await administrator.say('PUT', `/admin/v1/documents/${salary.id}/access`, {
      body: { rules: [rule] },
    });
    assert.equal(heard.status, 400, JSON.stringify(rule));
    assert.match(heard.text, /rules\.0/, JSON.stringify(rule));
  }
  assert.ok(await hears(guest));
});
