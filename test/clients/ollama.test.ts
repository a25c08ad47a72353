import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ollama } from 'ollama';
import { startTestServer, type TestServer } from '../support/server.ts';

const QUESTION = 'Jaká je výpovědní lhůta?';
const MESSAGES = [{ role: 'user', content: QUESTION }];
let server: TestServer;
let client: Ollama;
before(async () => {
  server = await startTestServer();
  client = new Ollama({ host: server.url });
});
after(() => server[Symbol.asyncDispose]());

test('a chat is answered whole, and streamed to the same text', async () => {
  const whole = await client.chat({ model: 'hradlo', messages: MESSAGES });
  assert.match(whole.message.content, /dva měsíce.*\[1\]/s);
  assert.equal(whole.done, true);
  let streamed = '';
  for await (const part of await client.chat({ model: 'hradlo', messages: MESSAGES, stream: true })) {
    streamed += part.message.content;
  }
  assert.equal(streamed, whole.message.content);
});

test('a prompt is answered, and a tag that the client adds is understood', async () => {
  const { response } = await client.generate({ model: 'hradlo:latest', prompt: QUESTION });
  assert.match(response ?? '', /dva měsíce/);
});

test('models are listed and shown, and an unknown one is an error in words', async () => {
  assert.ok((await client.list()).models.some((model) => model.name === 'hradlo'));
  assert.deepEqual((await client.show({ model: 'hradlo' })).capabilities, ['completion']);
  await assert.rejects(client.chat({ model: 'neznámý', messages: MESSAGES }), /No model is called/);
});
