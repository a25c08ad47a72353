import { hash, randomBytes } from 'node:crypto';
import { expectDigest, makeId, type Digest, type NewId } from '#core/index.ts';

/** New ids of 128 random bits. */
export const randomId: NewId = (kind) => makeId(kind, randomBytes(16));

/** SHA-256 of bytes, or of a text's UTF-8 bytes, as a digest. */
export function digestOf(data: Uint8Array | string): Digest {
  return expectDigest(`sha256:${hash('sha256', data, 'hex')}`);
}
