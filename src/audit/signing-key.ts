import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { encodeCheckpoint, encodeNote, keyNameOf, type Checkpoint } from '#core/index.ts';
import { ED25519, keyHash } from './checkpoint-signature.ts';

/** A new Ed25519 key, as base64 of its PKCS 8 form. */
export function makeSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

function rawPublicKey(key: KeyObject): Buffer {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('not an Ed25519 key');
  return Buffer.from(x, 'base64url');
}

/** Signs checkpoints of one chain. */
export class CheckpointSigner {
  readonly #privateKey: KeyObject;
  readonly #keyName: string;
  readonly #publicKey: Buffer;

  /** @param encoded what `makeSigningKey` gave. */
  constructor(chainId: string, encoded: string) {
    this.#privateKey = createPrivateKey({
      key: Buffer.from(encoded, 'base64'),
      format: 'der',
      type: 'pkcs8',
    });
    this.#publicKey = rawPublicKey(createPublicKey(this.#privateKey));
    this.#keyName = keyNameOf(chainId);
  }

  /** What others verify with: name, hash and key. @see C2SP signed-note, vkey. */
  get verifierKey(): string {
    const hash = keyHash(this.#keyName, this.#publicKey).toString('hex');
    return `${this.#keyName}+${hash}+${Buffer.concat([Buffer.from([ED25519]), this.#publicKey]).toString('base64')}`;
  }

  /** The checkpoint as a signed note. */
  sign(checkpoint: Checkpoint): string {
    const body = encodeCheckpoint(checkpoint);
    const signature = sign(null, Buffer.from(body), this.#privateKey);
    const hash = keyHash(this.#keyName, this.#publicKey);
    return encodeNote(body, this.#keyName, Buffer.concat([hash, signature]).toString('base64'));
  }
}
