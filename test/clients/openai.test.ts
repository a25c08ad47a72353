import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI, { APIError, NotFoundError } from 'openai';
import { startTestServer, type TestServer } from '../support/server.ts';

const QUESTION = 'Jaká je výpovědní lhůta?';
let server: TestServer;
let client: OpenAI;

before(async () => {
  server = await startTestServer();
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
});
after(() => server[Symbol.asyncDispose]());

const ask = (content: string) => ({ model: 'hradlo', messages: [{ role: 'user' as const, content }] });

test('a question gets verbatim sentences with citations that open their paragraph', async () => {
  const completion = await client.chat.completions.create(ask(QUESTION));
  const { message, finish_reason } = completion.choices[0]!;
  assert.equal(finish_reason, 'stop');
  assert.match(message.content ?? '', /dva měsíce.*\[1\]/s);
  const [annotation] = message.annotations ?? [];
  assert.ok(annotation?.type === 'url_citation');
  const place = new URL(annotation.url_citation.url, server.url);
  const passage = await fetch(`${server.url}/hradlo/v1/versions/${place.pathname.split('/').at(-1)}/passage`);
  const { chunks } = (await passage.json()) as { chunks: { text: string }[] };
  const text = chunks.map((chunk) => chunk.text).join('');
  const quote = text.slice(Number(place.searchParams.get('from')), Number(place.searchParams.get('to')));
  assert.ok(message.content?.includes(quote) && quote.length > 20);
});

test('the stream says the same, ends with its citations, and counts tokens when asked', async () => {
  const whole = await client.chat.completions.create(ask(QUESTION));
  const stream = await client.chat.completions.create({
    ...ask(QUESTION),
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let annotations: unknown[] = [];
  let totalTokens = 0;
  for await (const chunk of stream) {
    const delta: { content?: string | null; annotations?: unknown[] } = chunk.choices[0]?.delta ?? {};
    text += delta.content ?? '';
    annotations = delta.annotations ?? annotations;
    totalTokens = chunk.usage?.total_tokens ?? totalTokens;
  }
  assert.equal(text, whole.choices[0]!.message.content);
  assert.deepEqual(annotations.length, whole.choices[0]!.message.annotations?.length);
  assert.equal(totalTokens, whole.usage?.total_tokens);
});

test('a question beyond the documents is refused in words, not answered', async () => {
  const completion = await client.chat.completions.create(ask('Kolik váží průměrný slon africký?'));
  assert.match(completion.choices[0]!.message.content ?? '', /^Nedostatek informací/);
});

test('an unknown model is the not-found error that the client has a class for', async () => {
  await assert.rejects(
    client.chat.completions.create({ ...ask(QUESTION), model: 'neznámý' }),
    (error: unknown) => error instanceof NotFoundError && error.code === 'model_not_found',
  );
});

test('a wrong field is a 400 that names it', async () => {
  await assert.rejects(
    client.chat.completions.create({ ...ask(QUESTION), temperature: 9 }),
    (error: unknown) => error instanceof APIError && error.status === 400 && error.param === 'temperature',
  );
});

test('models are listed, and one can be looked up', async () => {
  const names = (await client.models.list()).data.map((model) => model.id);
  assert.deepEqual(names, ['hradlo', 'hradlo/ukazka']);
  assert.equal((await client.models.retrieve('hradlo')).id, 'hradlo');
});
