import { request } from 'node:http';
import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { CollectionId } from '#core/index.ts';
import { Plant, type PlantedPerson } from '../support/plant.ts';
import { startEndlessServer } from '../support/slow-server.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

const ways = ['grant', 'group', 'attribute', 'key', 'account', 'session'] as const;
type Way = (typeof ways)[number];

/** One person who may read only by what will be taken away. */
interface Subject {
  readonly way: Way;
  readonly person: PlantedPerson;
  readonly collectionId: CollectionId;
  readonly name: string;
}

interface Cut {
  /** Milliseconds from the reply to the taking until the stream ended. */
  readonly afterMs: number;
  readonly text: string;
}

/** Asks, waits for the first words, then calls `take` and measures how long words still come. */
async function cutStream(visitor: Visitor, url: string, take: () => Promise<void>): Promise<Cut> {
  const began = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<number>();
  let text = '';
  const body = JSON.stringify({
    model: 'hradlo',
    stream: true,
    messages: [{ role: 'user', content: 'Co?' }],
  });
  const sent = request(
    new URL('/v1/chat/completions', url),
    { method: 'POST', agent: false, headers: { ...visitor.headers(), 'content-type': 'application/json' } },
    (response) => {
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.includes('slovo')) began.resolve();
      });
      response.on('close', () => {
        began.reject(new Error(`the stream ended before it began: ${response.statusCode} ${text}`));
        ended.resolve(performance.now());
      });
    },
  );
  sent.end(body);
  await began.promise;
  await take();
  const takenAt = performance.now();
  const deadline = setTimeout(10_000, Infinity, { ref: false });
  const endedAt = await Promise.race([ended.promise, deadline]);
  sent.destroy();
  return { afterMs: endedAt - takenAt, text };
}

/** How many times a person who lost a right was let in after the reply to the taking. */
async function letInAfter(subject: Subject, visitor: Visitor): Promise<number> {
  let letIn = 0;
  for (let attempt = 0; attempt < 5; attempt++) {
    const heard = await visitor.say('GET', '/hradlo/v1/collections');
    if (heard.status === 200 && heard.text.includes(subject.name)) letIn += 1;
  }
  return letIn;
}

function plantSubjects(plant: Plant, rounds: number): Subject[] {
  const { tenantId } = plant;
  return ways.flatMap((way) =>
    Array.from({ length: rounds }, (_, round): Subject => {
      const name = `${way}-${round}`;
      const group = plant.group(tenantId, name);
      const person = plant.person(tenantId, name, {
        groups: way === 'group' ? [group] : [],
        attributes: { team: [name] },
      });
      const condition = { kind: 'anyOf', attribute: 'team', values: [name] } as const;
      const subject =
        way === 'group' ? (`group:${group}` as const) : (`principal:hradlo/${person.id}` as const);
      const collectionId = plant.collection(tenantId, name, [
        { effect: 'allow', subject, condition: way === 'attribute' ? condition : undefined },
      ]);
      plant.document({ tenantId, collectionId }, name, [`Text sbírky ${name}.`]);
      return { way, person, collectionId, name };
    }),
  );
}

async function take(administrator: Visitor, subject: Subject): Promise<void> {
  const { way, person, collectionId } = subject;
  const change = (body: object) => administrator.expect(200, 'PATCH', `/admin/v1/people/${person.id}`, body);
  if (way === 'group') await change({ groups: [] });
  else if (way === 'attribute') await change({ attributes: {} });
  else if (way === 'account') await change({ isActive: false });
  else if (way === 'session')
    await administrator.expect(200, 'DELETE', `/admin/v1/people/${person.id}/sessions`);
  else if (way === 'key') {
    const { keys } = await administrator.expect(200, 'GET', '/admin/v1/keys');
    const own = (keys as { id: string; ownerId: string }[]).filter(({ ownerId }) => ownerId === person.id);
    for (const { id } of own) await administrator.expect(200, 'DELETE', `/admin/v1/keys/${id}`);
  } else {
    const path = `/admin/v1/collections/${collectionId}/grants`;
    const { grants } = await administrator.expect(200, 'GET', path);
    for (const { id } of grants as { id: number }[])
      await administrator.expect(200, 'DELETE', `${path}/${id}`);
  }
}

async function measure(url: string, administrator: Visitor, subjects: readonly Subject[]): Promise<Figure[]> {
  const cuts: Cut[] = [];
  let letIn = 0;
  for (const subject of subjects) {
    const visitor = new Visitor(url, subject.way === 'session' ? undefined : subject.person.key);
    if (subject.way === 'session') visitor.cookie = await sessionOf(url, administrator, subject);
    if (subject.way === 'session') await visitor.expect(200, 'GET', '/hradlo/v1/session');
    const before = await visitor.say('GET', '/hradlo/v1/collections');
    if (!before.text.includes(subject.name) && subject.way !== 'session')
      throw new Error(`${subject.name} could not read before: ${before.status} ${before.text}`);
    cuts.push(
      await cutStream(visitor, url, async () => {
        await take(administrator, subject);
        letIn += await letInAfter(subject, visitor);
      }),
    );
  }
  const [{ way } = { way: 'grant' }] = subjects;
  const longest = Math.max(...cuts.map(({ afterMs }) => afterMs));
  const told = cuts.filter(({ text }) => /"error"|"code"/.test(text) && !text.includes('[DONE]')).length;
  return [
    judged(`${way} taken away: let in afterwards`, `${letIn} of ${subjects.length * 5}`, '0', letIn === 0),
    judged(`${way} taken away: longest stream`, `${Math.round(longest)} ms`, '≤ 5000 ms', longest <= 5000),
    judged(`${way}: streams that say why and claim no end`, told, `${cuts.length}`, told === cuts.length),
  ];
}

/** Makes an account with a session, since a planted person has only a key. */
async function sessionOf(url: string, administrator: Visitor, subject: Subject): Promise<string | undefined> {
  const { token } = await administrator.expect(201, 'POST', '/admin/v1/invitations', {
    name: subject.name + '-x',
  });
  const visitor = new Visitor(url);
  const body = { token, displayName: subject.name, passphrase: 'tři hrušky na stole' };
  const { person } = await visitor.expect(200, 'POST', '/hradlo/v1/invitation', body);
  Object.assign(subject.person, { id: (person as { id: string }).id });
  await administrator.expect(201, 'POST', `/admin/v1/collections/${subject.collectionId}/grants`, {
    subject: `principal:hradlo/${subject.person.id}`,
  });
  return visitor.cookie;
}

export const proof: Proof = {
  promise: 'what is taken away acts on the next request, and cuts what runs',
  async run({ isQuick }) {
    const plant = new Plant();
    const subjects = plantSubjects(plant, isQuick ? 2 : 10);
    const administrator = plant.person(plant.tenantId, 'spravce', { roles: ['administrator'] });
    const folder = plant.close();
    const figures: Figure[] = [];
    {
      await using server = await startEndlessServer(folder);
      const visitor = new Visitor(server.url, administrator.key);
      for (const way of ways)
        figures.push(
          ...(await measure(
            server.url,
            visitor,
            subjects.filter((one) => one.way === way),
          )),
        );
    }
    rmSync(folder, { recursive: true });
    return { figures: [...figures, informative('streams cut', subjects.length)] };
  },
};
