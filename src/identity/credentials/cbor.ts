/** What CBOR holds, as far as authenticators write it. Keys of maps are numbers or texts. */
export type CborValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<number | string, CborValue>;

const MAX_DEPTH = 8;
const SIMPLE: ReadonlyMap<number, boolean | null> = new Map([
  [20, false],
  [21, true],
  [22, null],
]);

/**
 * Reads one CBOR value from the start of some bytes and says where it ends. Only definite lengths and no floating
 * point: WebAuthn asks for the canonical form.
 * @throws {TypeError} for anything else, or when bytes are missing.
 * @see RFC 8949, section 3.
 */
export function decodeCbor(bytes: Uint8Array): { readonly value: CborValue; readonly length: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, at: 0 };
  const value = readValue(reader, 0);
  return { value, length: reader.at };
}

interface Reader {
  readonly view: Buffer;
  at: number;
}

function take(reader: Reader, count: number): Buffer {
  const end = reader.at + count;
  if (!Number.isSafeInteger(count) || end > reader.view.length) throw new TypeError('the CBOR is cut short');
  const taken = reader.view.subarray(reader.at, end);
  reader.at = end;
  return taken;
}

function readCount(reader: Reader, information: number): number {
  if (information < 24) return information;
  if (information === 24) return take(reader, 1).readUInt8();
  if (information === 25) return take(reader, 2).readUInt16BE();
  if (information === 26) return take(reader, 4).readUInt32BE();
  if (information === 27) return Number(take(reader, 8).readBigUInt64BE());
  throw new TypeError('CBOR of no definite length');
}

function readValue(reader: Reader, depth: number): CborValue {
  if (depth > MAX_DEPTH) throw new TypeError('CBOR nested too deeply');
  const head = take(reader, 1).readUInt8();
  const information = head & 31;
  switch (head >> 5) {
    case 0:
      return readCount(reader, information);
    case 1:
      return -1 - readCount(reader, information);
    case 2:
      return Uint8Array.from(take(reader, readCount(reader, information)));
    case 3:
      return take(reader, readCount(reader, information)).toString('utf8');
    case 4:
      return Array.from({ length: checkCount(reader, readCount(reader, information)) }, () =>
        readValue(reader, depth + 1),
      );
    case 5:
      return readMap(reader, checkCount(reader, readCount(reader, information)), depth);
    default:
      return readSimple(head >> 5, information);
  }
}

/** A count of items that cannot be there is refused before room is made for them. */
function checkCount(reader: Reader, count: number): number {
  if (count > reader.view.length - reader.at) throw new TypeError('the CBOR is cut short');
  return count;
}

function readMap(reader: Reader, count: number, depth: number): ReadonlyMap<number | string, CborValue> {
  const map = new Map<number | string, CborValue>();
  for (let index = 0; index < count; index++) {
    const key = readValue(reader, depth + 1);
    if (typeof key !== 'number' && typeof key !== 'string') throw new TypeError('a strange key in CBOR');
    if (map.has(key)) throw new TypeError('a key twice in CBOR');
    map.set(key, readValue(reader, depth + 1));
  }
  return map;
}

function readSimple(major: number, information: number): boolean | null {
  const value = major === 7 ? SIMPLE.get(information) : undefined;
  if (value === undefined) throw new TypeError('a kind of CBOR that authenticators do not write');
  return value;
}
