import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { assert as check, property, string, uint8Array } from 'fast-check';
import { createCommit, randomId } from './ids.ts';

test('a commitment is the HMAC-SHA-256 of the text under the key', () => {
  check(
    property(uint8Array({ maxLength: 64 }), string({ unit: 'binary' }), (key, text) => {
      const expected = createHmac('sha256', key).update(text).digest('hex');
      assert.equal(createCommit(key)(text), `hmac-sha256:${expected}`);
    }),
  );
  assert.throws(() => createCommit(new Uint8Array(65)), RangeError);
});

test('no two ids are alike, also where the pool of random bytes is filled anew', () => {
  const ids = Array.from({ length: 2_000 }, () => randomId('answer'));
  assert.equal(new Set(ids).size, ids.length);
});
