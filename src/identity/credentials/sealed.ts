import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { RandomBytes } from './passphrase.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts small secrets at rest under the installation's key: AES-256-GCM, bound to what they are for. */
export class Sealer {
  readonly #key: Buffer;
  readonly #random: RandomBytes;

  constructor(key: Uint8Array, random: RandomBytes) {
    this.#key = Buffer.from(hkdfSync('sha256', key, new Uint8Array(), 'hradlo sealed columns', 32));
    this.#random = random;
  }

  /** @param owner whose secret it is: a sealed text moved to another row does not open. */
  seal(plain: Uint8Array, owner: string): string {
    const nonce = this.#random(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString('base64');
  }

  /** @throws {Error} when the text was changed, moved, or sealed under another key. */
  open(text: string, owner: string): Uint8Array {
    const sealed = Buffer.from(text, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
      decipher.final(),
    ]);
  }
}
