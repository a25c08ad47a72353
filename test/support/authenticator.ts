import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { PasskeyContext } from '#identity/index.ts';

/** CBOR as an authenticator writes it. */
function encode(value: number | string | Uint8Array | Map<number | string, unknown>): Buffer {
  const head = (major: number, count: number): Buffer => {
    if (count < 24) return Buffer.from([(major << 5) | count]);
    if (count < 256) return Buffer.from([(major << 5) | 24, count]);
    return Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
  };
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const parts = [...value].flatMap(([key, item]) => [encode(key), encode(item as number)]);
  return Buffer.concat([head(5, value.size), ...parts]);
}

/** An authenticator made of software, with one key. */
export function makeAuthenticator(kind: 'P-256' | 'Ed25519') {
  const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } =
    kind === 'P-256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  const part = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
  const cose =
    kind === 'P-256'
      ? new Map<number, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, part(jwk.x)],
          [-3, part(jwk.y)],
        ])
      : new Map<number, unknown>([
          [1, 1],
          [3, -8],
          [-1, 6],
          [-2, part(jwk.x)],
        ]);
  const credentialId = randomBytes(16);
  const head = (where: PasskeyContext, flags: number, count: number): Buffer => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    const hash = createHash('sha256').update(where.relyingPartyId).digest();
    return Buffer.concat([hash, Buffer.from([flags]), counter]);
  };
  const clientData = (type: string, where: PasskeyContext): Buffer =>
    Buffer.from(
      JSON.stringify({ type, challenge: where.challenge, origin: where.origin, crossOrigin: false }),
    );
  return {
    create(where: PasskeyContext, flags = 0x45) {
      const length = Buffer.from([0, credentialId.length]);
      const data = Buffer.concat([
        head(where, flags, 0),
        Buffer.alloc(16),
        length,
        credentialId,
        encode(cose),
      ]);
      const attestation = encode(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', data],
        ]),
      );
      return {
        clientData: clientData('webauthn.create', where).toString('base64url'),
        attestation: attestation.toString('base64url'),
      };
    },
    get(where: PasskeyContext, { flags = 0x05, count = 0 } = {}) {
      const said = clientData('webauthn.get', where);
      const data = head(where, flags, count);
      const signed = Buffer.concat([data, createHash('sha256').update(said).digest()]);
      return {
        credentialId: credentialId.toString('base64url'),
        clientData: said.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign(kind === 'P-256' ? 'sha256' : null, signed, privateKey).toString('base64url'),
      };
    },
  };
}
