import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { withholdPassword } from './sidecar-password.ts';
import { readSidecar } from './sidecar-schema.ts';

const withhold = (text: string) => {
  const { sidecar, password } = withholdPassword(new TextEncoder().encode(text));
  return { text: new TextDecoder().decode(sidecar), password };
};

test('the password is taken out and the rest stays, in every way in which it can be written', () => {
  for (const written of [
    'tajné heslo',
    '"tajné heslo"',
    "'tajné heslo'",
    '|-\n  tajné heslo',
    '>-\n  tajné\n  heslo',
  ]) {
    const { text, password } = withhold(`title: Smlouva\npassword: ${written}\nvalid-from: 2026-01-31\n`);
    assert.equal(password, 'tajné heslo');
    assert.doesNotMatch(text, /tajné/u);
    const { sidecar } = readSidecar(text);
    assert.deepEqual([sidecar?.title, sidecar?.validFromMs], ['Smlouva', Date.UTC(2026, 0, 31)]);
  }
  assert.equal(withhold('{title: A, password: 0123, id: x}').password, '0123');
});

test('a broken sidecar in which a password may stand is not kept, and is still refused', () => {
  const { text, password } = withhold('title: "A\npassword: tajné');
  assert.equal(password, undefined);
  assert.doesNotMatch(text, /tajné/u);
  assert.notEqual(readSidecar(text).faults, undefined);
});

test('no password that YAML can write stays in what is stored', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 30 }), (secret) => {
      const { text, password } = withhold(stringify({ id: 'a', password: secret, title: 'Směrnice' }));
      assert.equal(password, secret);
      assert.equal(readSidecar(text).sidecar?.title, 'Směrnice');
    }),
  );
});
