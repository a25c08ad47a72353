import { createCipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';
import { ParseFailure } from '../parse-failure.ts';

/** A locked file of an archive, as its directory describes it. */
export interface LockedEntry {
  readonly compressionMethod: number;
  readonly generalPurposeBitFlag: number;
  readonly lastModFileTime: number;
  readonly crc32: number;
  readonly uncompressedSize: number;
  readonly extraFields: readonly { readonly id: number; readonly data: Uint8Array }[];
}

const STORED = 0;
const DEFLATED = 8;
const AES = 99;
const AES_FIELD = 0x9901;
/** By its strength: length of the salt, then of the key. */
const AES_LENGTHS: ReadonlyMap<number, readonly [salt: number, key: number]> = new Map([
  [1, [8, 16]],
  [2, [12, 24]],
  [3, [16, 32]],
]);
const AES_ROUNDS = 1000;
const VERIFIER_BYTES = 2;
const SEAL_BYTES = 10;
const BLOCK_BYTES = 16;
/** The seal stands for the sum of the text, which would tell about it. */
const AES_WITHOUT_SUM = 2;
const HAS_DESCRIPTOR = 0x8;
const IS_STRONG = 0x40;
const HEADER_BYTES = 12;

const unsupported = (): ParseFailure => new ParseFailure('encryption-unsupported', { format: 'zip' });

/** What an entry says of its AES encryption; undefined when it is locked in the old way. */
function aesOf({ compressionMethod, extraFields }: LockedEntry) {
  if (compressionMethod !== AES) return undefined;
  const data = extraFields.find(({ id }) => id === AES_FIELD)?.data;
  if (data === undefined || data.length < 7) throw unsupported();
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const lengths = AES_LENGTHS.get(view.getUint8(4));
  if (lengths === undefined) throw unsupported();
  return { version: view.getUint16(0, true), lengths, method: view.getUint16(5, true) };
}

/** AES in counter mode, the counter from 1 and its lowest byte first, as this format alone has it. */
function countedAes(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const counters = Buffer.alloc(blocks * BLOCK_BYTES);
  for (let block = 0; block < blocks; block++) counters.writeUInt32LE(block + 1, block * BLOCK_BYTES);
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  const stream = cipher.update(counters);
  return bytes.map((byte, index) => byte ^ stream[index]!);
}

/**
 * The packed bytes under AES; undefined when the password is another one or a byte was changed.
 * @see https://www.winzip.com/en/support/aes-encryption/
 */
function openAes(
  [saltBytes, keyBytes]: readonly [number, number],
  data: Uint8Array,
  password: string,
): Uint8Array | undefined {
  const start = saltBytes + VERIFIER_BYTES;
  if (data.length < start + SEAL_BYTES) throw new ParseFailure('damaged', { format: 'zip' });
  const keys = pbkdf2Sync(
    password,
    data.subarray(0, saltBytes),
    AES_ROUNDS,
    2 * keyBytes + VERIFIER_BYTES,
    'sha1',
  );
  if (!timingSafeEqual(keys.subarray(2 * keyBytes), data.subarray(saltBytes, start))) return undefined;
  const locked = data.subarray(start, data.length - SEAL_BYTES);
  const seal = createHmac('sha1', keys.subarray(keyBytes, 2 * keyBytes))
    .update(locked)
    .digest();
  if (!timingSafeEqual(seal.subarray(0, SEAL_BYTES), data.subarray(data.length - SEAL_BYTES)))
    return undefined;
  return countedAes(keys.subarray(0, keyBytes), locked);
}

const SUMS = Uint32Array.from({ length: 256 }, (_, index) => {
  let sum = index;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});
const addToSum = (sum: number, byte: number): number => (sum >>> 8) ^ SUMS[(sum ^ byte) & 0xff]!;

/** The three keys of the old encryption, which every byte of the text moves on (APPNOTE.TXT 6.3.10, 6.1). */
class OldKeys {
  #first = 0x12345678;
  #second = 0x23456789;
  #third = 0x34567890;

  constructor(password: string) {
    for (const byte of Buffer.from(password, 'utf8')) this.#move(byte);
  }

  #move(byte: number): void {
    this.#first = addToSum(this.#first, byte);
    this.#second = (Math.imul(this.#second + (this.#first & 0xff), 134_775_813) + 1) >>> 0;
    this.#third = addToSum(this.#third, this.#second >>> 24);
  }

  open(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => {
      const mask = (this.#third | 2) & 0xffff;
      const plain = byte ^ ((Math.imul(mask, mask ^ 1) >>> 8) & 0xff);
      this.#move(plain);
      return plain;
    });
  }
}

/** The packed bytes under the old encryption; undefined when the password is surely another one. */
function openOld(entry: LockedEntry, data: Uint8Array, password: string): Uint8Array | undefined {
  if (data.length < HEADER_BYTES) throw new ParseFailure('damaged', { format: 'zip' });
  const keys = new OldKeys(password);
  const header = keys.open(data.subarray(0, HEADER_BYTES));
  const hasDescriptor = (entry.generalPurposeBitFlag & HAS_DESCRIPTOR) !== 0;
  const expected = hasDescriptor ? entry.lastModFileTime >>> 8 : entry.crc32 >>> 24;
  return header[HEADER_BYTES - 1] === expected ? keys.open(data.subarray(HEADER_BYTES)) : undefined;
}

/** Unpacks to no more than the archive says; undefined when what comes out of a wrong password cannot be unpacked. */
function unpack(packed: Uint8Array, method: number, size: number): Uint8Array | undefined {
  if (method === STORED) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

/** How an entry is locked, and packed under that. @throws {ParseFailure} `encryption-unsupported`. */
function lockOf(entry: LockedEntry) {
  const aes = aesOf(entry);
  const method = aes?.method ?? entry.compressionMethod;
  const isStrong = (entry.generalPurposeBitFlag & IS_STRONG) !== 0;
  if (isStrong || (method !== STORED && method !== DEFLATED)) throw unsupported();
  return { aes, method, hasSum: aes?.version !== AES_WITHOUT_SUM };
}

/** The file when the password is the right one. */
function openWith(
  entry: LockedEntry,
  { aes, method, hasSum }: ReturnType<typeof lockOf>,
  data: Uint8Array,
  password: string,
): Uint8Array | undefined {
  const packed = aes === undefined ? openOld(entry, data, password) : openAes(aes.lengths, data, password);
  const bytes = packed && unpack(packed, method, entry.uncompressedSize);
  const isWhole = bytes !== undefined && (!hasSum || crc32(bytes) === entry.crc32);
  return isWhole ? bytes : undefined;
}

/**
 * The file in a locked entry, under the old encryption of ZIP or under AES.
 * @param data the bytes of the entry as they lie in the archive.
 * @param passwords tried one after the other.
 * @throws {ParseFailure} `encrypted` when no password was given, `wrong-password` when none of those given opens it,
 * `encryption-unsupported`, `damaged`.
 */
export function decryptEntry(entry: LockedEntry, data: Uint8Array, passwords: readonly string[]): Uint8Array {
  const lock = lockOf(entry);
  for (const password of passwords) {
    const bytes = openWith(entry, lock, data, password);
    if (bytes !== undefined) return bytes;
  }
  throw new ParseFailure(passwords.length === 0 ? 'encrypted' : 'wrong-password');
}
