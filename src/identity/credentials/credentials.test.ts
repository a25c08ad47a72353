import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeId } from '#core/index.ts';
import { makeApiKeyText, parseApiKeyText } from './api-key-text.ts';
import { KeyedHash } from './keyed-hash.ts';
import { checkPassphrase, hashPassphrase, verifyPassphrase } from './passphrase.ts';
import { encodeBase32, hotp, totpStep, totpUri, verifyTotp } from './totp.ts';

const keyId = makeId('key', new Uint8Array(16).fill(7));

test('a passphrase is known again, another one is not', async () => {
  const hash = await hashPassphrase('Příliš žluťoučký kůň', randomBytes);
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await verifyPassphrase('Příliš žluťoučký kůň', hash), true);
  assert.equal(await verifyPassphrase('Příliš žluťoučký kůň'.normalize('NFD'), hash), true, 'decomposed');
  assert.equal(await verifyPassphrase('Příliš žluťoučký kun', hash), false);
});

test('no hash, a damaged hash and a foreign one match nothing', async () => {
  for (const hash of [undefined, '', '$argon2id$v=19$m=1,t=1,p=1$$', '$2b$12$abcdefghijkl'])
    assert.equal(await verifyPassphrase('', hash), false);
});

test('what is guessed first is refused with the rule that fails', () => {
  const rules = {
    'passphrase.short': 'krátké heslo'.slice(0, 11),
    'passphrase.long': 'dlouhé '.repeat(40),
    'passphrase.repeats': 'aaaabbbbaaaa',
    'passphrase.name': 'moje-novak-heslo',
    'passphrase.sequence': '123456789012',
  };
  for (const [rule, passphrase] of Object.entries(rules))
    assert.throws(() => checkPassphrase(passphrase, 'novak'), { details: { rule } }, rule);
  checkPassphrase('tři hrušky na stole', 'novak');
});

test('one-time codes are those of RFC 4226 and RFC 6238', () => {
  const secret = Buffer.from('12345678901234567890');
  const counters = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583'];
  for (const [counter, code] of counters.entries()) assert.equal(hotp(secret, counter), code);
  const sha256 = Buffer.from('12345678901234567890123456789012');
  const sha512 = Buffer.from('1234567890123456789012345678901234567890123456789012345678901234');
  for (const [seconds, one, two, five] of [
    [59, '94287082', '46119246', '90693936'],
    [1_111_111_109, '07081804', '68084774', '25091201'],
    [1_111_111_111, '14050471', '67062674', '99943326'],
    [1_234_567_890, '89005924', '91819424', '93441116'],
    [2_000_000_000, '69279037', '90698825', '38618901'],
    [20_000_000_000, '65353130', '77737706', '47863826'],
  ] as const) {
    const step = totpStep(seconds * 1000);
    assert.equal(hotp(secret, step, 8), one);
    assert.equal(hotp(sha256, step, 8, 'sha256'), two);
    assert.equal(hotp(sha512, step, 8, 'sha512'), five);
  }
});

test('a code counts once, and one step early or late', () => {
  const secret = randomBytes(20);
  const nowMs = 1_800_000_000_000;
  const step = totpStep(nowMs);
  const at = (offset: number) => hotp(secret, step + offset);
  for (const offset of [-1, 0, 1])
    assert.equal(verifyTotp(secret, at(offset), { nowMs, lastStep: 0 }), step + offset);
  assert.equal(verifyTotp(secret, at(2), { nowMs, lastStep: 0 }), undefined);
  assert.equal(verifyTotp(secret, at(0), { nowMs, lastStep: step }), undefined, 'used before');
  assert.equal(verifyTotp(secret, '12345', { nowMs, lastStep: 0 }), undefined);
});

test('a secret is written in the base 32 of RFC 4648', () => {
  const vectors = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB' };
  for (const [text, expected] of Object.entries(vectors))
    assert.equal(encodeBase32(Buffer.from(text)), expected);
  assert.equal(
    totpUri(Buffer.from('foobar'), 'jana', 'Hradlo'),
    'otpauth://totp/Hradlo:jana?secret=MZXW6YTBOI&issuer=Hradlo&algorithm=SHA1&digits=6&period=30',
  );
});

test('a key is read back, and any changed character is caught by its checksum', () => {
  const { text, secret } = makeApiKeyText(keyId, randomBytes);
  assert.deepEqual(parseApiKeyText(text), { keyId, secret });
  fc.assert(
    fc.property(
      fc.nat(text.length - 1),
      fc.constantFrom(...Array.from('0123456789abcdefXZ_')),
      (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        assert.equal(parseApiKeyText(changed) === undefined, changed !== text);
      },
    ),
  );
});

test('text that is not a key is never taken for one', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(parseApiKeyText(`hrk_${text}`), undefined)));
});

test('a keyed hash depends on key, use and secret', () => {
  const one = new KeyedHash(new Uint8Array(32).fill(1));
  const two = new KeyedHash(new Uint8Array(32).fill(2));
  const hash = one.hash('api-key', 'secret');
  assert.equal(one.matches('api-key', 'secret', hash), true);
  assert.equal(one.matches('api-key', 'secreT', hash), false);
  assert.equal(one.matches('session', 'secret', hash), false);
  assert.equal(two.matches('api-key', 'secret', hash), false);
  assert.equal(one.matches('api-key', 'secret', ''), false);
  assert.throws(() => new KeyedHash(new Uint8Array(16)), RangeError);
});
