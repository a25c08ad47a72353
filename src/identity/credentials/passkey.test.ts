import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeAuthenticator } from '#test/authenticator.ts';
import { decodeCbor } from './cbor.ts';
import { PasskeyChallenges } from './passkey-challenges.ts';
import { readNewPasskey, verifyPasskey, type PasskeyContext } from './passkey.ts';

const context: PasskeyContext = {
  challenge: Buffer.alloc(32, 7).toString('base64url'),
  relyingPartyId: 'hradlo.firma.cz',
  origin: 'https://hradlo.firma.cz',
};

for (const kind of ['P-256', 'Ed25519'] as const) {
  test(`a passkey of ${kind} signs in, and nobody else's does`, () => {
    const authenticator = makeAuthenticator(kind);
    const passkey = readNewPasskey(authenticator.create(context), context);
    assert.equal(verifyPasskey(passkey, authenticator.get(context), context), 0);
    const other = makeAuthenticator(kind);
    assert.throws(() => verifyPasskey(passkey, other.get(context), context), { code: 'auth.required' });
  });
}

test('what belongs to another page, challenge or ceremony is refused', () => {
  const authenticator = makeAuthenticator('P-256');
  const passkey = readNewPasskey(authenticator.create(context), context);
  const foreign: PasskeyContext[] = [
    { ...context, challenge: Buffer.alloc(32, 8).toString('base64url') },
    { ...context, origin: 'https://hradlo.firma.cz.evil.example' },
    { ...context, relyingPartyId: 'evil.example' },
  ];
  for (const where of foreign) {
    assert.throws(() => verifyPasskey(passkey, authenticator.get(where), context), { code: 'auth.required' });
    assert.throws(() => readNewPasskey(authenticator.create(where), context), { code: 'auth.required' });
  }
  const swapped = { ...authenticator.get(context), clientData: authenticator.create(context).clientData };
  assert.throws(() => verifyPasskey(passkey, swapped, context), { code: 'auth.required' });
});

test('a person who was not there or not verified is refused', () => {
  const authenticator = makeAuthenticator('P-256');
  const passkey = readNewPasskey(authenticator.create(context), context);
  for (const flags of [0x00, 0x01, 0x04])
    assert.throws(() => verifyPasskey(passkey, authenticator.get(context, { flags }), context));
  assert.throws(() => readNewPasskey(authenticator.create(context, 0x41), context));
});

test('a counter that stands still shows a copy', () => {
  const authenticator = makeAuthenticator('Ed25519');
  const passkey = readNewPasskey(authenticator.create(context), context);
  assert.equal(verifyPasskey(passkey, authenticator.get(context, { count: 5 }), context), 5);
  const used = { ...passkey, signCount: 5 };
  for (const count of [0, 4, 5])
    assert.throws(() => verifyPasskey(used, authenticator.get(context, { count }), context));
  assert.equal(verifyPasskey(used, authenticator.get(context, { count: 6 }), context), 6);
});

test('any changed byte of an answer is refused', () => {
  const authenticator = makeAuthenticator('P-256');
  const passkey = readNewPasskey(authenticator.create(context), context);
  const given = authenticator.get(context);
  fc.assert(
    fc.property(
      fc.constantFrom('clientData' as const, 'authenticatorData' as const, 'signature' as const),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (field, at, change) => {
        const bytes = Buffer.from(given[field], 'base64url');
        bytes[at % bytes.length]! ^= change;
        const changed = { ...given, [field]: bytes.toString('base64url') };
        assert.throws(() => verifyPasskey(passkey, changed, context), { code: 'auth.required' });
      },
    ),
    { numRuns: 300 },
  );
});

test('random bytes are no passkey, and no crash', () => {
  const { clientData } = makeAuthenticator('P-256').create(context);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const attestation = Buffer.from(bytes).toString('base64url');
      assert.throws(() => readNewPasskey({ clientData, attestation }, context), { code: 'auth.required' });
    }),
  );
});

test('CBOR is read as RFC 8949 writes it, and nothing is read beyond its end', () => {
  const read = (hex: string) => decodeCbor(Buffer.from(hex, 'hex')).value;
  assert.equal(read('1903e8'), 1000);
  assert.equal(read('3903e7'), -1000);
  assert.equal(read('6449455446'), 'IETF');
  assert.deepEqual(read('83010203'), [1, 2, 3]);
  assert.deepEqual(
    read('a26161016162820203'),
    new Map<string, unknown>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  );
  assert.equal(read('f5'), true);
  for (const bad of [
    '',
    '19',
    '62aa',
    '9f01ff',
    'fb3ff199999999999a',
    'a2010201',
    'a201020103',
    '9affffffff',
  ])
    assert.throws(() => read(bad), TypeError, bad);
  let deep = '00';
  for (let depth = 0; depth < 20; depth++) deep = `81${deep}`;
  assert.throws(() => read(deep), TypeError);
});

test('a challenge is good once, for a while, for whom it was issued', () => {
  const time = { ms: 0 };
  const challenges = new PasskeyChallenges({ nowMs: () => 0, monotonicMs: () => time.ms }, randomBytes);
  const one = challenges.issue('anna');
  assert.equal(challenges.take(one, 'bob'), false);
  assert.equal(challenges.take(one, 'anna'), false, 'the wrong taker used it up');
  const two = challenges.issue('anna');
  assert.equal(challenges.take(two, 'anna'), true);
  assert.equal(challenges.take(two, 'anna'), false);
  const three = challenges.issue('anna');
  time.ms = 5 * 60_000 + 1;
  assert.equal(challenges.take(three, 'anna'), false);
});
