import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { addPerson, setUpAdministrator, startTestServer, type TestServer } from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

interface Question {
  readonly id: string;
  readonly question: string;
  readonly kind: string;
  readonly document: string;
  readonly answer: string;
  readonly asOf?: string;
  readonly principal?: { readonly groups: readonly string[] };
}

const questions: Question[] = readFileSync(new URL('../../samples/questions.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Question);

let running: TestServer;
let administrator: Visitor;
let nobody: Visitor;
const members = new Map<string, Visitor>();

before(async () => {
  running = await startTestServer({ samples: { load: true } });
  administrator = await setUpAdministrator(running);
  nobody = (await addPerson(administrator, running.url, { name: 'nikdo', roles: ['user'] })).visitor;
  const { groups } = (await administrator.expect(200, 'GET', '/admin/v1/groups')) as {
    groups: { id: string; name: string }[];
  };
  for (const name of ['hr', 'vedeni']) {
    const group = groups.find((one) => one.name === name);
    assert.ok(group !== undefined, `the samples make the group ${name}`);
    const person = { name: `clen-${name}`, roles: ['user'], groups: [group.id] };
    members.set(name, (await addPerson(administrator, running.url, person)).visitor);
  }
});
after(() => running[Symbol.asyncDispose]());

interface Told {
  readonly text: string;
  readonly paths: readonly string[];
  readonly raw: string;
}

/** Asks for the documents that are found; what the answer quotes of them is for the answerer's own tests. */
async function ask(who: Visitor, { question, asOf }: Question): Promise<Told> {
  const raw = await who.say('POST', '/v1/chat/completions', {
    body: {
      model: 'hradlo',
      messages: [{ role: 'user', content: question }],
      ...(asOf !== undefined && { hradlo: { as_of: asOf } }),
    },
  });
  assert.equal(raw.status, 200, raw.text);
  const body = raw.body as unknown as {
    choices: { message: { content: string; annotations?: { url_citation: { title: string } }[] } }[];
  };
  const message = body.choices[0]!.message;
  const titles = (message.annotations ?? []).map((one) => one.url_citation.title);
  return { text: message.content, paths: titles, raw: raw.text };
}

/** Numbers and amounts of a text: what tells one version of a price list from another. */
const numbersOf = (text: string) => text.match(/\d[\d ]*/g)?.map((one) => one.replaceAll(' ', '')) ?? [];

test('a restricted question is answered for a member, and for nobody else as if there were no such document', async () => {
  let answered = 0;
  const restricted = questions.filter(({ kind }) => kind === 'restricted');
  assert.ok(restricted.length >= 8);
  for (const question of restricted) {
    const own = members.get(question.principal!.groups[0]!)!;
    const title = question.document.startsWith('hr/') ? 'Mzdový řád' : 'Záměr rozšíření výroby';
    const told = await ask(own, question);
    if (told.raw.includes(title)) answered += 1;
    const strangers = [nobody, ...[...members.values()].filter((member) => member !== own)];
    for (const stranger of strangers) {
      const heard = await ask(stranger, question);
      assert.ok(!heard.raw.includes(title), `${question.id} tells a stranger of the document`);
      const secret = numbersOf(question.answer).filter((one) => one.length > 3);
      for (const number of secret) assert.ok(!heard.text.replaceAll(' ', '').includes(number), question.id);
    }
  }
  const found = `${answered} of ${restricted.length} restricted questions found their document for a member`;
  assert.ok(answered >= 0.87 * restricted.length, found);
});

test('a question as of a day is answered out of the version that held then', async () => {
  const asOf = questions.filter(({ kind }) => kind === 'as-of');
  assert.ok(asOf.length >= 8);
  let right = 0;
  for (const question of asOf) {
    const { text } = await ask(nobody, question);
    const wanted = question.answer.replaceAll(/\s+/g, ' ');
    if (text.replaceAll(/\s+/g, ' ').replaceAll(' | ', ' ').includes(wanted)) right += 1;
  }
  const share = `${right} of ${asOf.length} were answered with the sentence of the right version`;
  assert.ok(right >= 0.75 * asOf.length, share);
});

test('nobody sees a restricted document in any list, and a member does', async () => {
  const { collections } = (await nobody.expect(200, 'GET', '/hradlo/v1/collections')) as {
    collections: { id: string; name: string }[];
  };
  const { id } = collections.find(({ name }) => name === 'ukazka')!;
  const list = async (who: Visitor) => {
    const body = await who.expect(200, 'GET', `/hradlo/v1/collections/${id}/documents`);
    return (body['documents'] as { sourceKey: string; id: string }[]).toSorted((a, b) =>
      a.sourceKey < b.sourceKey ? -1 : 1,
    );
  };
  const all = await list(members.get('hr')!);
  const wages = all.find(({ sourceKey }) => sourceKey === 'hr/mzdovy-rad.md')!;
  assert.ok(wages !== undefined);
  assert.ok(!(await list(nobody)).some(({ sourceKey }) => /^(hr|vedeni)\//.test(sourceKey)));
  for (const path of ['', '/answers', '/changes?from=ver_x&to=ver_x']) {
    const heard = await nobody.say('GET', `/hradlo/v1/documents/${wages.id}${path}`);
    assert.equal(heard.status, 404, path);
  }
  const detail = await members.get('hr')!.expect(200, 'GET', `/hradlo/v1/documents/${wages.id}`);
  const [version] = detail['versions'] as { id: string }[];
  for (const path of ['original', 'layout', 'passage', 'boxes?start=0&end=10']) {
    const url = `/hradlo/v1/versions/${version!.id}/${path}`;
    assert.equal((await nobody.say('GET', url)).status, 404, path);
    assert.equal((await members.get('hr')!.say('GET', url)).status, 200, path);
  }
});
