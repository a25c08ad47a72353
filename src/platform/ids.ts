import { hash } from 'node:crypto';
import { expectDigest, makeId, type Digest, type NewId } from '#core/index.ts';
import { takeRandomBytes } from './random-bytes.ts';

/** New ids of 128 random bits. */
export const randomId: NewId = (kind) => makeId(kind, takeRandomBytes(16));

/** SHA-256 of bytes, or of a text's UTF-8 bytes, as a digest. */
export function digestOf(data: Uint8Array | string): Digest {
  return expectDigest(`sha256:${hash('sha256', data, 'hex')}`);
}

const BLOCK_BYTES = 64;

/**
 * Keyed commitments to texts, `hmac-sha256:` and hexadecimal digits: without the key a text cannot be guessed from its
 * hash. What `createHmac` gives, without setting up an object for every text.
 * @param key at most 64 bytes.
 * @see RFC 2104
 * @throws {RangeError} for a longer key.
 */
export function createCommit(key: Uint8Array): (text: string) => string {
  if (key.length > BLOCK_BYTES) throw new RangeError('a key for commitments has at most 64 bytes');
  const padded = (byte: number): Buffer => {
    const block = Buffer.alloc(BLOCK_BYTES, byte);
    for (const [index, value] of key.entries()) block[index] = value ^ byte;
    return block;
  };
  const [inner, outer] = [padded(0x36), padded(0x5c)];
  return (text) => {
    const within = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
    return `hmac-sha256:${hash('sha256', Buffer.concat([outer, within]), 'hex')}`;
  };
}
