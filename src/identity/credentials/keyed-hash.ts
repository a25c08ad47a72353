import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** What a keyed hash is for: the same bytes hash differently for each use. */
export type HashUse = 'api-key' | 'session' | 'csrf' | 'invitation' | 'bootstrap' | 'set-up' | 'sign-in';

/** Keyed hashes of secrets that are random and long: the database alone does not let anyone test a guess. */
export class KeyedHash {
  // Plain bytes would be looked at and copied anew for every request.
  readonly #key: KeyObject;

  /** @throws {RangeError} when the key is shorter than 256 bits. */
  constructor(key: Uint8Array) {
    if (key.length < 32) throw new RangeError('a hash key takes at least 32 bytes');
    this.#key = createSecretKey(key);
  }

  /** HMAC-SHA-256 of the use and the secret, in hexadecimal. */
  hash(use: HashUse, secret: string): string {
    return createHmac('sha256', this.#key).update(`${use}\0${secret}`).digest('hex');
  }

  /** Whether the secret has this hash, in a time that does not depend on where they differ. */
  matches(use: HashUse, secret: string, expected: string): boolean {
    const actual = Buffer.from(this.hash(use, secret));
    const wanted = Buffer.from(expected);
    return actual.length === wanted.length && timingSafeEqual(actual, wanted);
  }
}
