import assert from 'node:assert/strict';
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { integer, objectIdentifier, sequence, time } from './der.ts';
import { fingerprintOf, makeSelfSigned, SELF_SIGNED_LIFETIME_MS } from './self-signed.ts';

const nowMs = Date.UTC(2026, 10, 20, 12);
const names = ['localhost', '127.0.0.1', '::1', 'hradlo.firma.cz'];

test('the certificate is one that others read, signs itself and names its hosts', () => {
  const { keyPem, certificatePem } = makeSelfSigned(names, { serial: randomBytes(16), nowMs });
  const certificate = new X509Certificate(certificatePem);
  assert.ok(certificate.verify(certificate.publicKey), 'its own signature');
  assert.ok(certificate.checkPrivateKey(createPrivateKey(keyPem)));
  assert.equal(certificate.checkHost('hradlo.firma.cz'), 'hradlo.firma.cz');
  assert.equal(certificate.checkHost('jinde.cz'), undefined);
  assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
  assert.equal(certificate.checkIP('10.0.0.1'), undefined);
  assert.equal(certificate.ca, false);
  assert.equal(Date.parse(certificate.validTo), nowMs + SELF_SIGNED_LIFETIME_MS);
  assert.equal(fingerprintOf(certificatePem), certificate.fingerprint256);
});

test('serials with a set top bit and leading zeros stay positive and short', () => {
  assert.equal(integer(Buffer.from([0x80])).toString('hex'), '02020080');
  assert.equal(integer(Buffer.from([0, 0, 0x7f])).toString('hex'), '02017f');
  assert.equal(integer(Buffer.from([0])).toString('hex'), '020100');
});

test('identifiers, times and long values are encoded as X.690 says', () => {
  assert.equal(objectIdentifier('1.2.840.113549').toString('hex'), '06062a864886f70d');
  assert.equal(time(Date.UTC(2026, 0, 2, 3, 4, 5)).toString('latin1', 2), '260102030405Z');
  assert.equal(time(Date.UTC(2051, 0, 2, 3, 4, 5)).toString('latin1', 2), '20510102030405Z');
  assert.equal(sequence(Buffer.alloc(200)).subarray(0, 3).toString('hex'), '3081c8');
  assert.equal(sequence(Buffer.alloc(70_000)).subarray(0, 5).toString('hex'), '3083011170');
});

test('any serial makes a certificate that is read back with it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (serial) => {
      const { certificatePem } = makeSelfSigned(['localhost'], { serial, nowMs });
      const expected = BigInt(`0x${Buffer.from(serial).toString('hex')}`);
      assert.equal(BigInt(`0x${new X509Certificate(certificatePem).serialNumber}`), expected);
    }),
    { numRuns: 20 },
  );
});
