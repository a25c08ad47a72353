import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { ParseFailure } from '../parse-failure.ts';

/** The form of encryption that Office writes since 2010 (MS-OFFCRYPTO 2.3.4.10, agile). */
interface AgileInfo {
  /** How the package is locked. */
  readonly data: AgileCipher;
  /** How the key of the package is locked with the password. */
  readonly key: AgileCipher;
  readonly spinCount: number;
  readonly verifierInput: Buffer;
  readonly verifierValue: Buffer;
  readonly keyValue: Buffer;
}

interface AgileCipher {
  readonly salt: Buffer;
  readonly blockBytes: number;
  readonly keyBytes: number;
  readonly hash: string;
}

const SEGMENT_BYTES = 4096;
const SIZE_BYTES = 8;
/** The format allows ten times as many rounds; what asks for them only wants to keep us busy. */
const MAX_SPINS = 1_000_000;
const STANDARD_SPINS = 50_000;
const VERIFIER_INPUT = Buffer.from('fea7d2763b4b9e79', 'hex');
const VERIFIER_VALUE = Buffer.from('d7aa0f6d3061344e', 'hex');
const KEY_VALUE = Buffer.from('146e0be7abacd0d6', 'hex');
/** With this one a workbook is locked that anybody may open (MS-OFFCRYPTO 2.4.2.3). */
const OPEN_TO_ALL = 'VelvetSweatshop';
const HASHES = new Set(['sha1', 'sha256', 'sha384', 'sha512']);

const unsupported = (): ParseFailure => new ParseFailure('encryption-unsupported', { format: 'office' });
const digest = (hash: string, ...parts: readonly Uint8Array[]): Buffer =>
  createHash(hash).update(Buffer.concat(parts)).digest();

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Cut or filled up to a length. */
function fit(bytes: Buffer, length: number): Buffer {
  return bytes.length >= length
    ? bytes.subarray(0, length)
    : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, 0x36)]);
}

/** Lengths of a cipher key in bytes: 128, 192 or 256 bits. */
const isKeyLength = (bytes: number): boolean => bytes === 16 || bytes === 24 || bytes === 32;

function decrypt(mode: 'cbc' | 'ecb', key: Buffer, iv: Buffer | null, bytes: Uint8Array): Buffer {
  const cipher = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, iv).setAutoPadding(false);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 16));
  return Buffer.concat([cipher.update(whole), cipher.final()]);
}

function attributesOf(xml: string, element: string): ReadonlyMap<string, string> {
  const [, body = ''] = new RegExp(`<(?:\\w+:)?${element}\\s([^>]*)>`, 'u').exec(xml) ?? [];
  return new Map([...body.matchAll(/(\w+)\s*=\s*"([^"]*)"/gu)].map(([, name, value]) => [name!, value!]));
}

function agileCipher(attributes: ReadonlyMap<string, string>): AgileCipher {
  const hash = (attributes.get('hashAlgorithm') ?? '').toLowerCase().replace('-', '');
  const isKnown =
    attributes.get('cipherAlgorithm') === 'AES' &&
    attributes.get('cipherChaining') === 'ChainingModeCBC' &&
    HASHES.has(hash);
  const keyBytes = Number(attributes.get('keyBits')) / 8;
  const blockBytes = Number(attributes.get('blockSize'));
  if (!isKnown || !isKeyLength(keyBytes) || blockBytes !== 16) throw unsupported();
  return { salt: Buffer.from(attributes.get('saltValue') ?? '', 'base64'), blockBytes, keyBytes, hash };
}

function readAgile(info: Buffer): AgileInfo {
  const xml = info.toString('utf8', 8);
  const attributes = attributesOf(xml, 'encryptedKey');
  const spinCount = Number(attributes.get('spinCount'));
  if (!Number.isInteger(spinCount) || spinCount < 0 || spinCount > MAX_SPINS) throw unsupported();
  const bytesOf = (name: string): Buffer => Buffer.from(attributes.get(name) ?? '', 'base64');
  return {
    data: agileCipher(attributesOf(xml, 'keyData')),
    key: agileCipher(attributes),
    spinCount,
    verifierInput: bytesOf('encryptedVerifierHashInput'),
    verifierValue: bytesOf('encryptedVerifierHashValue'),
    keyValue: bytesOf('encryptedKeyValue'),
  };
}

/** The password hashed many times over (MS-OFFCRYPTO 2.3.4.11). */
function spin(hash: string, salt: Uint8Array, password: string, count: number): Buffer {
  let value = digest(hash, salt, Buffer.from(password, 'utf16le'));
  for (let round = 0; round < count; round++) value = digest(hash, numberBytes(round), value);
  return value;
}

/** The key of the package; undefined when the password is another. */
function agileKey({ key, ...info }: AgileInfo, password: string): Buffer | undefined {
  const spun = spin(key.hash, key.salt, password, info.spinCount);
  const open = (block: Buffer, bytes: Buffer): Buffer =>
    decrypt('cbc', fit(digest(key.hash, spun, block), key.keyBytes), fit(key.salt, key.blockBytes), bytes);
  const expected = digest(key.hash, open(VERIFIER_INPUT, info.verifierInput));
  const found = open(VERIFIER_VALUE, info.verifierValue).subarray(0, expected.length);
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return undefined;
  return open(KEY_VALUE, info.keyValue).subarray(0, info.data.keyBytes);
}

function openAgile(info: AgileInfo, key: Buffer, body: Uint8Array): Buffer {
  const { salt, blockBytes, hash } = info.data;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += SEGMENT_BYTES) {
    const iv = fit(digest(hash, salt, numberBytes(at / SEGMENT_BYTES)), blockBytes);
    parts.push(decrypt('cbc', key, iv, body.subarray(at, at + SEGMENT_BYTES)));
  }
  return Buffer.concat(parts);
}

/** The key of a package of Office 2007 (MS-OFFCRYPTO 2.3.4.7); undefined when the password is another. */
function standardKey(info: Buffer, password: string): Buffer | undefined {
  const headerBytes = info.readUInt32LE(8);
  const keyBytes = info.readUInt32LE(12 + 16) / 8;
  const at = 12 + headerBytes;
  if (!isKeyLength(keyBytes) || info.readUInt32LE(at) !== 16) throw unsupported();
  const spun = spin('sha1', info.subarray(at + 4, at + 20), password, STANDARD_SPINS);
  const last = digest('sha1', spun, numberBytes(0));
  const half = (pad: number): Buffer => {
    const block = Buffer.alloc(64, pad);
    for (const [index, value] of last.entries()) block[index] = block[index]! ^ value;
    return digest('sha1', block);
  };
  const key = Buffer.concat([half(0x36), half(0x5c)]).subarray(0, keyBytes);
  const verifier = decrypt('ecb', key, null, info.subarray(at + 20, at + 36));
  const found = decrypt('ecb', key, null, info.subarray(at + 40, at + 72)).subarray(0, 20);
  return digest('sha1', verifier).equals(found) ? key : undefined;
}

/** Tries one password after the other; the opened body, or undefined. */
function tryPasswords(info: Buffer, body: Uint8Array, passwords: readonly string[]): Buffer | undefined {
  const [major, minor] = [info.readUInt16LE(0), info.readUInt16LE(2)];
  const agile = major === 4 && minor === 4 ? readAgile(info) : undefined;
  if (agile === undefined && (minor !== 2 || major < 2 || major > 4)) throw unsupported();
  for (const password of passwords) {
    const key = agile === undefined ? standardKey(info, password) : agileKey(agile, password);
    if (key === undefined) continue;
    return agile === undefined ? decrypt('ecb', key, null, body) : openAgile(agile, key, body);
  }
  return undefined;
}

/**
 * Opens an office document that is locked with a password.
 * @param info the stream `EncryptionInfo`, @param packed the stream `EncryptedPackage`.
 * @throws {ParseFailure} `encrypted` when no password was given, `wrong-password` when none of those given opens
 * it, `encryption-unsupported`, `damaged`.
 */
export function decryptPackage(
  info: Uint8Array,
  packed: Uint8Array,
  passwords: readonly string[],
): Uint8Array {
  if (packed.length < SIZE_BYTES || info.length < SIZE_BYTES)
    throw new ParseFailure('damaged', { format: 'office' });
  const size = Number(Buffer.from(packed.subarray(0, SIZE_BYTES)).readBigUInt64LE());
  let opened: Buffer | undefined;
  try {
    opened = tryPasswords(Buffer.from(info), packed.subarray(SIZE_BYTES), [OPEN_TO_ALL, ...passwords]);
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
    throw new ParseFailure('damaged', { format: 'office' }, error);
  }
  if (opened !== undefined) return opened.subarray(0, size);
  throw new ParseFailure(passwords.length === 0 ? 'encrypted' : 'wrong-password');
}
