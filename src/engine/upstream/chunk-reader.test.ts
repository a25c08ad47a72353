import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ChunkReader } from './chunk-reader.ts';

const chunkOf = (delta: object, more: object = {}) =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  });
const textOf = (reader: ChunkReader, payload: string): unknown =>
  reader.readMore(payload) ?? reader.read(payload).choices?.[0]?.delta?.['content'];

test('whatever the texts of an answer are, each is read as JSON reads it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 2 }),
      fc.string(),
      (texts, role) => {
        const reader = new ChunkReader('engine');
        for (const content of texts) {
          const payload = chunkOf({ role, content });
          assert.equal(textOf(reader, payload), JSON.parse(payload).choices[0].delta.content);
        }
      },
    ),
  );
});

test('chunks like one that was parsed are read without parsing, also with escapes', () => {
  const reader = new ChunkReader('engine');
  reader.read(chunkOf({ content: 'Dva' }));
  assert.equal(reader.readMore(chunkOf({ content: ' měsíce' })), ' měsíce');
  assert.equal(reader.readMore(chunkOf({ content: '\n"ano"\\' })), '\n"ano"\\');
  const escaped = chunkOf({ content: '@' }).replace('@', String.raw`m\u011bs\u00edce`);
  assert.equal(reader.readMore(escaped), 'měsíce');
});

test('a text that would say more than a text is parsed whole', () => {
  const reader = new ChunkReader('engine');
  reader.read(chunkOf({ content: 'Dva' }));
  for (const content of [
    'x","reasoning":"y',
    '"',
    '\\',
    'a\u0001b',
    'x"},"finish_reason":"stop"},{"delta":{"content":"y',
  ]) {
    const payload = chunkOf({ content: '@' }).replace('@', () => content);
    assert.equal(reader.readMore(payload), undefined, content);
  }
});

test('a chunk that brings an end, a thought or a count is never taken for a text', () => {
  const reader = new ChunkReader('engine');
  for (const payload of [
    chunkOf({ content: 'a' }, { finish_reason: 'stop' }),
    chunkOf({ content: 'a', reasoning_content: 'b' }),
    JSON.stringify({ choices: [{ delta: { content: 'a' } }], usage: { prompt_tokens: 1 } }),
    JSON.stringify({ choices: [{ delta: { content: 'a' } }, { delta: { content: 'a' } }] }),
  ]) {
    reader.read(payload);
    assert.equal(reader.readMore(payload), undefined, payload);
  }
});

test('the text is found where it stands, not where something looks like it', () => {
  const reader = new ChunkReader('engine');
  const make = (content: string) =>
    JSON.stringify({ id: '"content":"Dva"', echo: { content: 'Dva' }, choices: [{ delta: { content } }] });
  assert.equal(textOf(reader, make('Dva')), 'Dva');
  assert.equal(textOf(reader, make('měsíce')), 'měsíce');
});

test('what is no chunk, and an error of the engine, is refused', () => {
  const reader = new ChunkReader('engine');
  for (const payload of ['{', '[]', '"x"', JSON.stringify({ error: { message: 'tajné' } })])
    assert.throws(() => reader.read(payload), { code: 'engine.unavailable' });
});
