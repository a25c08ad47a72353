import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatModel } from '#contracts/index.ts';
import type { ChatDelta, ChatRequest } from '#core/index.ts';

/** A short request that every model can serve. */
export function plainRequest(text: string, sampling: ChatRequest['sampling'] = {}): ChatRequest {
  return { messages: [{ role: 'user', content: text }], evidence: [], sampling };
}

/** Everything that a model yields for a request. */
export async function collect(
  model: ChatModel,
  request: ChatRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<ChatDelta[]> {
  const deltas: ChatDelta[] = [];
  for await (const delta of model.stream(request, signal)) deltas.push(delta);
  return deltas;
}

/** The answer's text alone. */
export function textOf(deltas: readonly ChatDelta[]): string {
  return deltas
    .map((delta) => (delta.type === 'text-delta' || delta.type === 'quote' ? delta.text : ''))
    .join('');
}

/** What every `ChatModel` must do. `makeModel` hands over one that is ready; it may be the same each time. */
export function testChatModel(name: string, makeModel: () => Promise<ChatModel>): void {
  test(`${name}: ends with exactly one finish`, async () => {
    const deltas = await collect(await makeModel(), plainRequest('hello', { maxOutputTokens: 8 }));
    assert.equal(deltas.filter(({ type }) => type === 'finish').length, 1);
    assert.equal(deltas.at(-1)?.type, 'finish');
  });

  test(`${name}: counts what it was given and what it said`, async () => {
    const finish = (await collect(await makeModel(), plainRequest('hello', { maxOutputTokens: 8 }))).at(-1);
    assert.ok(finish?.type === 'finish');
    assert.ok(finish.usage.inputTokens >= 0 && finish.usage.outputTokens >= 0);
    assert.ok(finish.usage.cachedInputTokens <= finish.usage.inputTokens);
  });

  test(`${name}: never yields an empty text`, async () => {
    const deltas = await collect(await makeModel(), plainRequest('hello', { maxOutputTokens: 16 }));
    for (const delta of deltas) if ('text' in delta) assert.notEqual(delta.text, '');
  });

  test(`${name}: an aborted signal ends with reason cancelled`, async () => {
    const deltas = await collect(await makeModel(), plainRequest('hello'), AbortSignal.abort());
    const last = deltas.at(-1);
    assert.ok(last?.type === 'finish');
    assert.equal(last.reason, 'cancelled');
  });

  test(`${name}: serves several requests at once, each with its own finish`, async () => {
    const model = await makeModel();
    const all = await Promise.all(
      ['one', 'two', 'three'].map((text) => collect(model, plainRequest(text, { maxOutputTokens: 6 }))),
    );
    for (const deltas of all) assert.equal(deltas.at(-1)?.type, 'finish');
  });

  test(`${name}: counts more tokens for a longer text`, async () => {
    const model = await makeModel();
    assert.ok(model.countTokens('a longer text than the other one') > model.countTokens('a'));
    assert.equal(Number.isInteger(model.countTokens('text')), true);
  });
}
