import { createHash, createPublicKey, verify } from 'node:crypto';
import type { SignedCheckpoint } from '#core/index.ts';

/** The byte that says Ed25519. @see C2SP signed-note. */
export const ED25519 = 0x01;
const RAW_KEY_BYTES = 32;
const KEY_HASH_BYTES = 4;

/** Four bytes that tell keys of one name apart. @see C2SP signed-note. */
export function keyHash(keyName: string, publicKey: Buffer): Buffer {
  return createHash('sha256')
    .update(keyName)
    .update(Buffer.from([0x0a, ED25519]))
    .update(publicKey)
    .digest()
    .subarray(0, KEY_HASH_BYTES);
}

/** Whether a checkpoint was signed with the key that `verifierKey` names. */
export function isSignedBy(checkpoint: SignedCheckpoint, verifierKey: string): boolean {
  // Base64 may hold plus signs itself.
  const [name = '', , ...encoded] = verifierKey.trim().split('+');
  const raw = Buffer.from(encoded.join('+'), 'base64').subarray(1);
  if (raw.length !== RAW_KEY_BYTES || checkpoint.keyName !== name) return false;
  const signed = Buffer.from(checkpoint.signature, 'base64');
  if (!signed.subarray(0, KEY_HASH_BYTES).equals(keyHash(name, raw))) return false;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  return verify(null, Buffer.from(checkpoint.text), key, signed.subarray(KEY_HASH_BYTES));
}
