import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomId } from '#platform/index.ts';
import { addPerson, setUpAdministrator } from '#test/running-server.ts';
import { startScriptedServer, type ScriptedServer } from '#test/scripted-server.ts';
import type { Visitor } from '#test/visitor.ts';

let scripted: ScriptedServer;
let eva: Visitor;
let jan: Visitor;

before(async () => {
  scripted = await startScriptedServer();
  eva = await setUpAdministrator({ ...scripted, folder: '' });
  ({ visitor: jan } = await addPerson(eva, scripted.url, { name: 'jan' }));
});
after(() => scripted[Symbol.asyncDispose]());

const newPlace = () => ({ id: randomId('conversation'), turn: randomId('turn') });
type Place = ReturnType<typeof newPlace>;
interface Line {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  hangUp(): void;
  /** Everything from here to the end. */
  rest(): Promise<Record<string, unknown>[]>;
  /** Events until one satisfies. */
  until(isIt: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

async function open(visitor: Visitor, path: string, body?: object): Promise<Line> {
  const controller = new AbortController();
  const response = await fetch(scripted.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...visitor.headers(), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: controller.signal,
  });
  assert.equal(response.status, 200, path);
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let kept = '';
  const events: Record<string, unknown>[] = [];
  const more = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    if (done) return false;
    const lines = (kept + decoder.decode(value, { stream: true })).split('\n');
    kept = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)));
    return true;
  };
  return {
    reader,
    hangUp: () => controller.abort(),
    async rest() {
      while (await more());
      return events.splice(0);
    },
    async until(isIt) {
      for (;;) {
        const event = events.shift();
        if (event === undefined) assert.ok(await more(), 'the stream ended early');
        else if (isIt(event)) return event;
      }
    },
  };
}

const ask = (visitor: Visitor, { id, turn }: Place, goesOn = true) =>
  open(visitor, '/hradlo/v1/answers', {
    model: 'hradlo',
    messages: [{ role: 'user', content: 'Jaká je lhůta?' }],
    conversation: { id, turn, ...(goesOn && { goesOn }) },
  });
const turnPath = ({ id, turn }: Place) => `/hradlo/v1/conversations/${id}/turns/${turn}`;
const textOf = (events: readonly Record<string, unknown>[]) =>
  events.map(({ text }) => (typeof text === 'string' ? text : '')).join('');
const keptOf = async (visitor: Visitor, { id }: Place) => {
  const { messages } = await visitor.expect(200, 'GET', `/hradlo/v1/conversations/${id}/messages`);
  return (messages as Record<string, unknown>[])[1]!;
};

test('an answer whose reader hung up is made to its end, read on, and kept', async () => {
  const place = newPlace();
  const line = await ask(eva, place);
  const answer = await scripted.nextAnswer();
  answer.say('Dva ');
  const heard = await line.until(({ type }) => type === 'text');
  line.hangUp();
  answer.say('měsíce ');
  assert.equal((await keptOf(eva, place))['state'], 'open');
  const again = await open(eva, `${turnPath(place)}/events?after=${String(heard['at'])}`);
  const whole = await open(eva, `${turnPath(place)}/events`);
  answer.say('od doručení.');
  answer.end();
  assert.equal(await answer.ended, 'done');
  assert.equal(textOf(await again.rest()), 'měsíce od doručení.');
  const all = await whole.rest();
  assert.deepEqual([all[0]!['type'], all.at(-1)!['type']], ['start', 'end']);
  assert.equal(textOf(all), 'Dva měsíce od doručení.');
  const kept = await keptOf(eva, place);
  assert.deepEqual([kept['state'], kept['content']], ['ended', 'Dva měsíce od doručení.']);
  assert.equal((await eva.say('GET', `${turnPath(place)}/events`)).status, 404);
});

test('only who asked finds it, reads on and stops it', async () => {
  const place = newPlace();
  await ask(eva, place);
  const answer = await scripted.nextAnswer();
  answer.say('Tajné');
  for (const [method, path] of [
    ['GET', 'events'],
    ['POST', 'stop'],
  ] as const)
    assert.equal((await jan.say(method, `${turnPath(place)}/${path}`, { body: {} })).status, 404);
  assert.equal((await eva.say('POST', `${turnPath(place)}/stop`, { body: {} })).status, 202);
  assert.equal(await answer.ended, 'stopped');
});

test('a turn that is being answered is not answered twice', async () => {
  const place = newPlace();
  await ask(eva, place);
  const answer = await scripted.nextAnswer();
  const body = {
    model: 'hradlo',
    messages: [{ role: 'user', content: 'Znovu?' }],
    conversation: { ...place, goesOn: true },
  };
  assert.equal((await eva.say('POST', '/hradlo/v1/answers', { body })).status, 409);
  answer.end();
});

test('without saying so, a hang-up stops the work', async () => {
  const line = await ask(eva, newPlace(), false);
  const answer = await scripted.nextAnswer();
  answer.say('Dva');
  await line.until(({ type }) => type === 'text');
  line.hangUp();
  assert.equal(await answer.ended, 'stopped');
});

test('an answer without a reader ends when its asker signs out', async () => {
  const { visitor } = await addPerson(eva, scripted.url, { name: 'ota' });
  const line = await ask(visitor, newPlace());
  const answer = await scripted.nextAnswer();
  line.hangUp();
  await visitor.expect(200, 'DELETE', '/hradlo/v1/session');
  assert.equal(await answer.ended, 'stopped');
});
