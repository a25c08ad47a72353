import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { takeRandomBytes } from '../random-bytes.ts';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
export const KEY_BYTES = 32;

/** What was sealed cannot be opened: another key, another place, or a changed byte. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/**
 * Encrypts and authenticates with AES-256-GCM under a random nonce: format byte, nonce, tag, ciphertext.
 * `place` is authenticated with it: what was sealed for one place does not open at another.
 */
export function seal(key: Uint8Array | KeyObject, plain: Uint8Array, place: string): Buffer {
  const nonce = takeRandomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([FORMAT]), nonce, cipher.getAuthTag(), body]);
}

/** Opens what `seal` made. @throws {SealError} */
export function unseal(key: Uint8Array | KeyObject, sealed: Uint8Array, place: string): Buffer {
  if (sealed.length < HEAD_BYTES || sealed[0] !== FORMAT) throw new SealError('not sealed in a known form');
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
  } catch (error) {
    throw new SealError('what was sealed here does not open', { cause: error });
  }
}
