import type { GgufCursor } from './cursor.ts';
import { GgufFault } from './fault.ts';
import { GGUF_LIMITS } from './limits.ts';

/** A value of a header. Arrays of strings keep only what the checks need; long ones keep nothing of their content. */
export type GgufValue =
  | { readonly kind: 'integer'; readonly type: string; readonly value: bigint }
  | { readonly kind: 'float'; readonly type: string; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | GgufArray;

export interface GgufArray {
  readonly kind: 'array';
  readonly type: string;
  readonly length: number;
  /** Elements of a short numeric array; undefined for others. */
  readonly numbers?: readonly number[];
}

/** Sees each element of the arrays that the preflight looks into: tokens and their types. */
export interface ArrayVisitor {
  /** The bytes are `window[start]` to `window[end - 1]`. */
  onString?: (index: number, window: Buffer, start: number, end: number) => void;
  onInt32?: (value: number, index: number) => void;
}

const SCALARS: ReadonlyMap<number, { readonly name: string; readonly bytes: number }> = new Map([
  [0, { name: 'u8', bytes: 1 }],
  [1, { name: 'i8', bytes: 1 }],
  [2, { name: 'u16', bytes: 2 }],
  [3, { name: 'i16', bytes: 2 }],
  [4, { name: 'u32', bytes: 4 }],
  [5, { name: 'i32', bytes: 4 }],
  [6, { name: 'f32', bytes: 4 }],
  [7, { name: 'bool', bytes: 1 }],
  [10, { name: 'u64', bytes: 8 }],
  [11, { name: 'i64', bytes: 8 }],
  [12, { name: 'f64', bytes: 8 }],
]);
const STRING = 8;
const ARRAY = 9;
/** Numeric arrays up to this length are kept: values per layer. */
const MAX_KEPT_NUMBERS = 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A length from the file as a number, once it is known to be small. @throws {GgufFault} `code` when above `limit`. */
export function readCount(cursor: GgufCursor, limit: number, code: 'string.length' | 'array.length'): number {
  const count = cursor.count64();
  if (count > limit) throw new GgufFault(code, `The file claims ${count} where ${limit} is the most.`);
  return count;
}

/** A string of at most `maxBytes`, valid UTF-8. */
export async function readString(cursor: GgufCursor, maxBytes: number): Promise<string> {
  await cursor.need(8);
  const length = readCount(cursor, maxBytes, 'string.length');
  await cursor.need(length);
  try {
    return utf8.decode(cursor.bytes(length));
  } catch {
    throw new GgufFault('value.range', 'A name or text in the header is not UTF-8.');
  }
}

/** The value after a key. */
export async function readValue(cursor: GgufCursor, visitor: ArrayVisitor): Promise<GgufValue> {
  await cursor.need(4);
  const type = cursor.u32();
  if (type === STRING) {
    return { kind: 'string', value: await readString(cursor, GGUF_LIMITS.maxStringBytes) };
  }
  if (type === ARRAY) return readArray(cursor, visitor);
  const scalar = SCALARS.get(type);
  if (scalar === undefined)
    throw new GgufFault('value.type', `The file has a value of unknown type ${type}.`);
  await cursor.need(scalar.bytes);
  return decodeScalar(scalar.name, cursor.bytes(scalar.bytes));
}

function decodeScalar(type: string, bytes: Buffer): Exclude<GgufValue, GgufArray> {
  if (type === 'bool') {
    const value = bytes.readUInt8();
    if (value > 1) throw new GgufFault('value.range', `A yes-or-no value is ${value}.`);
    return { kind: 'bool', value: value === 1 };
  }
  if (type === 'f32' || type === 'f64') {
    const value = type === 'f32' ? bytes.readFloatLE() : bytes.readDoubleLE();
    if (!Number.isFinite(value)) throw new GgufFault('value.range', 'A number in the header is not finite.');
    return { kind: 'float', type, value };
  }
  return { kind: 'integer', type, value: decodeInteger(type, bytes) };
}

function decodeInteger(type: string, bytes: Buffer): bigint {
  if (type === 'u64') return bytes.readBigUInt64LE();
  if (type === 'i64') return bytes.readBigInt64LE();
  const isSigned = type.startsWith('i');
  return BigInt(isSigned ? bytes.readIntLE(0, bytes.length) : bytes.readUIntLE(0, bytes.length));
}

async function readArray(cursor: GgufCursor, visitor: ArrayVisitor): Promise<GgufArray> {
  await cursor.need(12);
  const elementType = cursor.u32();
  const length = readCount(cursor, GGUF_LIMITS.maxArrayElements, 'array.length');
  if (elementType === ARRAY) throw new GgufFault('array.nested', 'The file has arrays inside arrays.');
  if (elementType === STRING) {
    await readStrings(cursor, length, visitor);
    return { kind: 'array', type: 'string', length };
  }
  const scalar = SCALARS.get(elementType);
  if (scalar === undefined)
    throw new GgufFault('value.type', `The file has an array of unknown type ${elementType}.`);
  if (length * scalar.bytes > cursor.remainingBytes)
    throw new GgufFault('file.truncated', 'The file ends inside an array.');
  if (scalar.name === 'i32' && visitor.onInt32 !== undefined) {
    await readInt32s(cursor, length, visitor.onInt32);
    return { kind: 'array', type: 'i32', length };
  }
  if (length > MAX_KEPT_NUMBERS) {
    cursor.skip(length * scalar.bytes);
    return { kind: 'array', type: scalar.name, length };
  }
  return { kind: 'array', type: scalar.name, length, numbers: await readNumbers(cursor, length, scalar) };
}

async function readNumbers(
  cursor: GgufCursor,
  length: number,
  scalar: { readonly name: string; readonly bytes: number },
): Promise<number[]> {
  await cursor.need(length * scalar.bytes);
  return Array.from({ length }, () => {
    const { value } = decodeScalar(scalar.name, cursor.bytes(scalar.bytes));
    return Number(value);
  });
}

async function readInt32s(
  cursor: GgufCursor,
  length: number,
  onInt32: (value: number, index: number) => void,
): Promise<void> {
  for (let index = 0; index < length; index++) {
    if (!cursor.has(4)) await cursor.need(4);
    onInt32(cursor.u32() | 0, index);
  }
}

async function readStrings(cursor: GgufCursor, count: number, visitor: ArrayVisitor): Promise<void> {
  // Each takes 8 bytes at least, so a count that cannot fit is refused before a byte of it is read.
  if (count * 8 > cursor.remainingBytes)
    throw new GgufFault('file.truncated', 'The file ends inside an array.');
  for (let index = 0; index < count; index++) {
    if (!cursor.has(8)) await cursor.need(8);
    const length = readCount(cursor, GGUF_LIMITS.maxArrayStringBytes, 'string.length');
    if (!cursor.has(length)) await cursor.need(length);
    const { window, start } = cursor.place(length);
    visitor.onString?.(index, window, start, start + length);
  }
}
