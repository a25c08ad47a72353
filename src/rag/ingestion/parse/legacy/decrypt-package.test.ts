import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ParseFailure } from '../parse-failure.ts';
import { decryptPackage } from './decrypt-package.ts';

const sha512 = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha512').update(Buffer.concat(parts)).digest();

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function encrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Buffer {
  const padded = Buffer.concat([plain, Buffer.alloc((16 - (plain.length % 16)) % 16)]);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]);
}

/** Locks a package as Office has done since 2010 (MS-OFFCRYPTO 2.3.4.10). */
function lock(plain: Uint8Array, password: string, spinCount = 3): { info: Buffer; packed: Buffer } {
  const salt = Buffer.alloc(16, 7);
  const dataSalt = Buffer.alloc(16, 9);
  const packageKey = Buffer.alloc(32, 42);
  let spun = sha512(salt, Buffer.from(password, 'utf16le'));
  for (let round = 0; round < spinCount; round++) spun = sha512(number(round), spun);
  const sealed = (block: string, bytes: Uint8Array): string =>
    encrypt(sha512(spun, Buffer.from(block, 'hex')).subarray(0, 32), salt, bytes).toString('base64');
  const verifier = Buffer.alloc(16, 3);
  const cipher = (own: Buffer): string =>
    `saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="${own.toString('base64')}"`;
  const xml = `<encryption><keyData ${cipher(dataSalt)}/><p:encryptedKey spinCount="${spinCount}" ${cipher(salt)} encryptedVerifierHashInput="${sealed('fea7d2763b4b9e79', verifier)}" encryptedVerifierHashValue="${sealed('d7aa0f6d3061344e', sha512(verifier))}" encryptedKeyValue="${sealed('146e0be7abacd0d6', packageKey)}"/></encryption>`;
  const parts: Buffer[] = [];
  for (let at = 0; at < plain.length; at += 4096) {
    const iv = sha512(dataSalt, number(at / 4096)).subarray(0, 16);
    parts.push(encrypt(packageKey, iv, plain.subarray(at, at + 4096)));
  }
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(plain.length));
  return {
    info: Buffer.concat([Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]), Buffer.from(xml)]),
    packed: Buffer.concat([size, ...parts]),
  };
}

test('a locked office document opens with its password, whichever of those given it is', () => {
  const plain = Buffer.from(Array.from({ length: 9001 }, (_, index) => index % 251));
  const { info, packed } = lock(plain, 'žluťoučký kůň');
  assert.deepEqual(Buffer.from(decryptPackage(info, packed, ['x', 'žluťoučký kůň'])), plain);
});

test('without a password it is locked, and with a wrong one it says so', () => {
  const { info, packed } = lock(Buffer.from('text'), 'right');
  assert.throws(() => decryptPackage(info, packed, []), { reason: 'encrypted' });
  assert.throws(() => decryptPackage(info, packed, ['wrong']), { reason: 'wrong-password' });
});

test('a workbook locked with the password that everybody has opens by itself', () => {
  const { info, packed } = lock(Buffer.from('sheet'), 'VelvetSweatshop');
  assert.equal(Buffer.from(decryptPackage(info, packed, [])).toString(), 'sheet');
});

test('more rounds than anybody needs are not computed', () => {
  const { info, packed } = lock(Buffer.from('x'), 'p');
  const many = Buffer.from(info.toString('latin1').replace('spinCount="3"', 'spinCount="9999999"'), 'latin1');
  assert.throws(() => decryptPackage(many, packed, ['p']), { reason: 'encryption-unsupported' });
});

test('bytes of any kind are refused with a reason', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 64 }), (tail, packed) => {
      for (const head of [[4, 0, 4, 0], [3, 0, 2, 0], []]) {
        try {
          decryptPackage(Buffer.from([...head, ...tail]), packed, ['p']);
        } catch (error) {
          assert.ok(error instanceof ParseFailure);
        }
      }
    }),
    { numRuns: 50 },
  );
});
