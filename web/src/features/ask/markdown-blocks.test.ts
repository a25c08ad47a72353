import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growBlocks, splitBlocks, type Blocks } from './markdown-blocks.ts';

test('a blank line ends a block, but not inside a code fence', () => {
  const code = '```ts\nconst a = 1;\n\nconst b = 2;\n```';
  assert.deepEqual(splitBlocks(`Text.\n\n${code}\n\n\nDál.`).blocks, ['Text.', code, 'Dál.']);
});

test('an open fence holds the rest, as it does while an answer still grows', () => {
  assert.deepEqual(splitBlocks('A\n\n~~~\nx\n\ny').blocks, ['A', '~~~\nx\n\ny']);
});

test('a text that grows, by however much at a time, comes to the blocks of the whole', () => {
  const text = 'Úvod\nna dva řádky\n\n\n```js\na\n\nb\n```\n\n- jedna\n- dvě\n\n~~~\nkonec\n';
  for (const step of [1, 3, 7]) {
    let grown: Blocks | undefined;
    for (let end = step; end < text.length + step; end += step) {
      grown = growBlocks(grown, text.slice(0, end));
      assert.deepEqual(grown, splitBlocks(text.slice(0, end)), `up to ${end}`);
    }
  }
});

test('a text that became another is split anew', () => {
  assert.deepEqual(growBlocks(splitBlocks('a\n\nb'), 'c\n\nd').blocks, ['c', 'd']);
});
