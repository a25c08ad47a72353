import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { expectId, makeId, parseDigest, parseId } from './ids.ts';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('an id that was made is read back, by its own kind alone', () => {
  fc.assert(
    fc.property(sixteen, (bytes) => {
      const id = makeId('document', bytes);
      assert.equal(parseId('document', id), id);
      assert.equal(parseId('version', id), undefined);
    }),
  );
});

test('different bytes are different ids', () => {
  fc.assert(
    fc.property(sixteen, sixteen, (a, b) => {
      const isSame = a.every((byte, index) => byte === b[index]);
      assert.equal(makeId('chunk', a) === makeId('chunk', b), isSame);
    }),
  );
});

test('what is not an id is refused', () => {
  for (const text of ['', 'doc_', 'doc_../../etc/passwd', `doc_${'u'.repeat(26)}`, `doc_${'0'.repeat(27)}`]) {
    assert.equal(parseId('document', text), undefined);
    assert.throws(() => expectId('document', text), TypeError);
  }
  assert.throws(() => makeId('document', new Uint8Array(15)), RangeError);
});

test('a digest is nothing but a digest, so that it can be part of a path', () => {
  assert.ok(parseDigest(`sha256:${'a'.repeat(64)}`));
  for (const text of [
    'sha256:../../x',
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'a'.repeat(64)}/..`,
    'a'.repeat(64),
  ]) {
    assert.equal(parseDigest(text), undefined);
  }
});
