import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ReasoningSplitter, type AnswerPart } from './reasoning-splitter.ts';

function split(text: string, cuts: readonly number[], isInside = false) {
  const splitter = new ReasoningSplitter(isInside);
  const parts: AnswerPart[] = [];
  let at = 0;
  for (let index = 0; at < text.length; index++) {
    const size = cuts[index % cuts.length] ?? 1;
    parts.push(...splitter.push(text.slice(at, at + size)));
    at += size;
  }
  parts.push(...splitter.finish());
  const join = (kind: string) =>
    parts
      .filter((part) => part.kind === kind)
      .map((part) => part.text)
      .join('');
  return { reasoning: join('reasoning'), text: join('text') };
}

const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '<', '>', '/', '\n') });

test('thought and answer come apart the same way however the text is cut', () => {
  fc.assert(
    fc.property(words, words, cuts, (thought, answer, cut) => {
      const text = `<think>${thought}</think>\n\n${answer}`;
      assert.deepEqual(split(text, cut), split(text, [text.length]));
      const { reasoning } = split(text, cut);
      assert.equal(reasoning, thought);
    }),
  );
});

test('an answer without thought is shown whole', () => {
  assert.deepEqual(split('Two months [1].', [1]), { reasoning: '', text: 'Two months [1].' });
  assert.deepEqual(split('<b>', [1]), { reasoning: '', text: '<b>' });
});

test('a prompt that opened the thought is taken up inside of it', () => {
  assert.deepEqual(split('because</think>Yes', [3], true), { reasoning: 'because', text: 'Yes' });
});

test('a thought that never ends stays a thought', () => {
  assert.deepEqual(split('<think>on and on', [4]), { reasoning: 'on and on', text: '' });
});
