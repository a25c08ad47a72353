import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { countTokens } from './token-count.ts';

/** The same rule as a grammar: words, numbers, signs. */
function countByGrammar(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(/\p{L}[\p{L}\p{M}]*|\p{N}+|[^\s\p{L}\p{N}]/gu)) {
    const marked = piece.match(/\P{ASCII}/gu)?.length ?? 0;
    if (/^\p{N}/u.test(piece)) tokens += Math.ceil(piece.length / 3);
    else if (/^\p{L}/u.test(piece)) tokens += Math.max(1, Math.round((piece.length + marked * 2) / 4.5));
    else tokens += 1;
  }
  return tokens;
}

test('tokens are counted by words with their marks, digits by threes, and signs', () => {
  assert.equal(countTokens(''), 0);
  assert.equal(countTokens('a'), 1);
  assert.equal(countTokens('smlouva'), 2);
  assert.equal(countTokens('žluťoučký'), 4);
  assert.equal(countTokens('1234 § 5.'), 5);
});

test('any text has the tokens that the grammar of words, numbers and signs gives it', () => {
  const piece = fc.constantFrom(
    'smlouva',
    'účet',
    'e\u0301',
    '\u0301',
    '12 000',
    '½',
    '👍🏽',
    '𝒜𝟗',
    '\ud800',
    '\u00a0',
    '\n',
    '—',
  );
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  fc.assert(fc.property(texts, (text) => assert.equal(countTokens(text), countByGrammar(text))));
});
