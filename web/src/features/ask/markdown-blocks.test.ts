import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitBlocks } from './markdown-blocks.ts';

test('a blank line ends a block, but not inside a code fence', () => {
  const code = '```ts\nconst a = 1;\n\nconst b = 2;\n```';
  assert.deepEqual(splitBlocks(`Text.\n\n${code}\n\n\nDál.`), ['Text.', code, 'Dál.']);
});

test('an open fence holds the rest, as it does while an answer still grows', () => {
  assert.deepEqual(splitBlocks('A\n\n~~~\nx\n\ny'), ['A', '~~~\nx\n\ny']);
});
