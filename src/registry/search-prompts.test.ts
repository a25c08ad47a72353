import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EmbeddingModel } from '#contracts/index.ts';
import { expectDigest } from '#core/index.ts';
import { searchPromptsOf, withSearchPrompts } from './search-prompts.ts';

test('families are known by their names, however these are written', () => {
  assert.deepEqual(searchPromptsOf('Multilingual-E5-Small'), { query: 'query: ', document: 'passage: ' });
  assert.match(searchPromptsOf('multilingual e5 large instruct').query, /^Instruct: /);
  assert.equal(searchPromptsOf('nomic-embed-text-v1.5').document, 'search_document: ');
  assert.equal(searchPromptsOf('Embeddinggemma 300M').document, 'title: none | text: ');
  assert.match(searchPromptsOf('Qwen3 Embedding 0.6B').query, /Query:$/);
  assert.equal(searchPromptsOf('Snowflake Arctic Embed L v2.0').query, 'query: ');
  assert.match(searchPromptsOf('bge-large-en-v1.5').query, /^Represent/);
});

test('what needs no prompt, or is not known, gets none', () => {
  for (const name of ['Bge M3', 'Phase5 model', 'something', '', undefined])
    assert.deepEqual(searchPromptsOf(name), { query: '', document: '' });
});

test('questions and passages get their own prompt', async () => {
  const asked: string[] = [];
  const model: EmbeddingModel = {
    name: 'm',
    digest: expectDigest(`sha256:${'1'.repeat(64)}`),
    dimensions: 1,
    maxInputTokens: 8,
    async embed(texts) {
      asked.push(...texts);
      return texts.map(() => Float32Array.of(1));
    },
  };
  const prompted = withSearchPrompts(model, { query: 'q: ', document: '' });
  await prompted.embed(['a'], { purpose: 'query' });
  await prompted.embed(['b'], { purpose: 'document' });
  assert.deepEqual(asked, ['q: a', 'b']);
});
