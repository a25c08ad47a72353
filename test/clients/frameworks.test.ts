import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, streamText } from 'ai';
import { startTestServer, type TestServer } from '../support/server.ts';

const QUESTION = 'Jaká je výpovědní lhůta?';
let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server[Symbol.asyncDispose]());

test('the AI SDK answers and streams', async () => {
  const provider = createOpenAICompatible({ name: 'hradlo', baseURL: `${server.url}/v1`, apiKey: 'any' });
  const whole = await generateText({ model: provider('hradlo'), prompt: QUESTION });
  assert.match(whole.text, /dva měsíce/);
  let streamed = '';
  for await (const part of streamText({ model: provider('hradlo'), prompt: QUESTION }).textStream)
    streamed += part;
  assert.equal(streamed, whole.text);
});

test('LangChain answers and streams', async () => {
  const model = new ChatOpenAI({
    model: 'hradlo',
    apiKey: 'any',
    configuration: { baseURL: `${server.url}/v1` },
  });
  const whole = await model.invoke(QUESTION);
  assert.match(whole.text, /dva měsíce/);
  let streamed = '';
  for await (const part of await model.stream(QUESTION)) streamed += part.text;
  assert.equal(streamed, whole.text);
});
