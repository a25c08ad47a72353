import { createHash, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { AppError } from '#core/index.ts';
import { decodeCbor, type CborValue } from './cbor.ts';

/** ECDSA over P-256 with SHA-256, and Ed25519, as COSE numbers them. */
export const PASSKEY_ALGORITHMS = [-7, -8] as const;
export type PasskeyAlgorithm = (typeof PASSKEY_ALGORITHMS)[number];

/** A public key that an authenticator made for one account here. */
export interface Passkey {
  /** base64url. */
  readonly credentialId: string;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  readonly algorithm: PasskeyAlgorithm;
  readonly signCount: number;
}

/** What an answer of an authenticator must belong to. */
export interface PasskeyContext {
  /** base64url of what was issued. */
  readonly challenge: string;
  /** Host name under which the page was loaded. */
  readonly relyingPartyId: string;
  /** Origin of the page, as the browser says it. */
  readonly origin: string;
}

/** What the browser hands over, each base64url. */
export interface PasskeyAssertion {
  readonly credentialId: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signature: string;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;
const RP_HASH_BYTES = 32;
const HEAD_BYTES = 37;
const AAGUID_BYTES = 16;
const MAX_CREDENTIAL_ID_BYTES = 1023;

const refused = (): AppError => new AppError('auth.required', 'The passkey does not fit.');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/**
 * Reads a new passkey. What vouches for the make of the authenticator is not asked for and not looked at.
 * @throws {AppError} auth.required when anything does not belong to the context or the person was not verified.
 * @see Web Authentication Level 3, section 7.1.
 */
export function readNewPasskey(
  given: { readonly clientData: string; readonly attestation: string },
  context: PasskeyContext,
): Passkey {
  checkClientData(bytesOf(given.clientData), 'webauthn.create', context);
  try {
    const { value } = decodeCbor(bytesOf(given.attestation));
    const data = value instanceof Map ? value.get('authData') : undefined;
    if (!(data instanceof Uint8Array)) throw refused();
    return readCredential(Buffer.from(data), context);
  } catch {
    // Malformed bytes are as unwelcome as foreign ones.
    throw refused();
  }
}

function readCredential(data: Buffer, context: PasskeyContext): Passkey {
  const { flags, signCount } = checkAuthenticatorData(data, context);
  if ((flags & HAS_CREDENTIAL) === 0) throw refused();
  const idAt = HEAD_BYTES + AAGUID_BYTES + 2;
  const idLength = data.readUInt16BE(idAt - 2);
  if (idLength === 0 || idLength > MAX_CREDENTIAL_ID_BYTES) throw refused();
  const { value } = decodeCbor(data.subarray(idAt + idLength));
  const { key, algorithm } = readCoseKey(value);
  return {
    credentialId: data.subarray(idAt, idAt + idLength).toString('base64url'),
    publicKey: key.export({ type: 'spki', format: 'der' }).toString('base64'),
    algorithm,
    signCount,
  };
}

/** @see RFC 9053, sections 2 and 7. */
function readCoseKey(value: CborValue): { readonly key: KeyObject; readonly algorithm: PasskeyAlgorithm } {
  if (!(value instanceof Map)) throw refused();
  const part = (label: number): string => {
    const bytes = value.get(label);
    if (!(bytes instanceof Uint8Array) || bytes.length !== 32) throw refused();
    return Buffer.from(bytes).toString('base64url');
  };
  const [type, algorithm, curve] = [value.get(1), value.get(3), value.get(-1)];
  const toKey = (jwk: JsonWebKey): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });
  if (type === 2 && algorithm === -7 && curve === 1)
    return { key: toKey({ kty: 'EC', crv: 'P-256', x: part(-2), y: part(-3) }), algorithm };
  if (type === 1 && algorithm === -8 && curve === 6)
    return { key: toKey({ kty: 'OKP', crv: 'Ed25519', x: part(-2) }), algorithm };
  throw refused();
}

/**
 * Checks that the authenticator of a passkey signed this challenge for this page, with the person verified.
 * Returns its counter, for the caller to keep.
 * @throws {AppError} auth.required, also when the counter stands still, which a copied authenticator shows.
 * @see Web Authentication Level 3, section 7.2.
 */
export function verifyPasskey(passkey: Passkey, given: PasskeyAssertion, context: PasskeyContext): number {
  const clientData = bytesOf(given.clientData);
  checkClientData(clientData, 'webauthn.get', context);
  const data = bytesOf(given.authenticatorData);
  const { signCount } = checkAuthenticatorData(data, context);
  const key = createPublicKey({ key: Buffer.from(passkey.publicKey, 'base64'), type: 'spki', format: 'der' });
  const signed = Buffer.concat([data, sha256(clientData)]);
  const digest = passkey.algorithm === -7 ? 'sha256' : null;
  if (!verify(digest, signed, key, bytesOf(given.signature))) throw refused();
  const isCounting = signCount > 0 || passkey.signCount > 0;
  if (isCounting && signCount <= passkey.signCount) throw refused();
  return signCount;
}

function checkClientData(bytes: Buffer, type: string, context: PasskeyContext): void {
  let said: unknown;
  try {
    said = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw refused();
  }
  const isOurs =
    typeof said === 'object' &&
    said !== null &&
    'type' in said &&
    said.type === type &&
    'challenge' in said &&
    said.challenge === context.challenge &&
    'origin' in said &&
    said.origin === context.origin &&
    !('crossOrigin' in said && said.crossOrigin === true);
  if (!isOurs) throw refused();
}

function checkAuthenticatorData(
  data: Buffer,
  { relyingPartyId }: PasskeyContext,
): { readonly flags: number; readonly signCount: number } {
  if (data.length < HEAD_BYTES) throw refused();
  if (!data.subarray(0, RP_HASH_BYTES).equals(sha256(Buffer.from(relyingPartyId)))) throw refused();
  const flags = data.readUInt8(RP_HASH_BYTES);
  const needed = USER_PRESENT | USER_VERIFIED;
  if ((flags & needed) !== needed) throw refused();
  return { flags, signCount: data.readUInt32BE(RP_HASH_BYTES + 1) };
}
