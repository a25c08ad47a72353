import type { ByteSource } from './byte-source.ts';
import { GgufCursor } from './cursor.ts';
import { GgufFault } from './fault.ts';
import { GGUF_LIMITS } from './limits.ts';
import { readTensors, type GgufTensor } from './tensors.ts';
import { readString, readValue, type GgufValue } from './values.ts';
import { VocabularyCheck } from './vocabulary-check.ts';

/** A header that keeps every structural rule; what it says about the model is checked by `describeModel`. */
export interface GgufHeader {
  readonly version: number;
  readonly values: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  /** Where the weights begin. */
  readonly dataOffset: number;
}

const MAGIC = 0x46554747;
const KEY = /^[A-Za-z0-9][A-Za-z0-9_.\-/]*$/;
const DEFAULT_ALIGNMENT = 32;
/** Longer texts are kept only where the product reads them. */
const MAX_KEPT_TEXT = 4_096;
/** All names and texts of a header that are kept, together. */
const MAX_KEPT_BYTES = 8 * 1_048_576;

/**
 * Reads everything before the weights, in one pass and bounded memory.
 * @throws {GgufFault} at the first broken rule.
 */
export async function readHeader(source: ByteSource): Promise<GgufHeader> {
  const cursor = new GgufCursor(source);
  if (source.sizeBytes < 24) throw new GgufFault('file.not_gguf', 'The file is too short to be a model.');
  await cursor.need(24);
  if (cursor.u32() !== MAGIC) throw new GgufFault('file.not_gguf', 'The file is not a GGUF model.');
  const version = cursor.u32();
  if (!GGUF_LIMITS.versions.some((known) => known === version))
    throw new GgufFault('file.version', `GGUF version ${version} is not supported; 2 and 3 are.`);
  const tensorCount = expectCount(cursor.u64(), GGUF_LIMITS.maxTensors, 'tensor.count');
  const keyCount = expectCount(cursor.u64(), GGUF_LIMITS.maxKeys, 'key.count');
  const values = await readValues(cursor, keyCount);
  const alignment = alignmentOf(values);
  const { tensors, dataOffset } = await readTensors(cursor, {
    count: tensorCount,
    alignment,
    fileBytes: source.sizeBytes,
  });
  return { version, values, tensors, dataOffset };
}

function expectCount(count: bigint, limit: number, code: 'tensor.count' | 'key.count'): number {
  if (count > BigInt(limit))
    throw new GgufFault(code, `The file claims ${count} where ${limit} is the most.`);
  return Number(count);
}

async function readValues(cursor: GgufCursor, count: number): Promise<Map<string, GgufValue>> {
  const values = new Map<string, GgufValue>();
  const vocabulary = new VocabularyCheck();
  let keptBytes = 0;
  for (let index = 0; index < count; index++) {
    const key = await readString(cursor, GGUF_LIMITS.maxKeyBytes);
    if (!KEY.test(key))
      throw new GgufFault('key.name', 'A key of the header has characters that no key has.');
    if (values.has(key)) throw new GgufFault('key.duplicate', `The key ${key} is there twice.`);
    const value = trimmed(key, await readValue(cursor, vocabulary.visitorFor(key)));
    keptBytes += key.length + (value.kind === 'string' ? value.value.length : 16);
    if (keptBytes > MAX_KEPT_BYTES)
      throw new GgufFault('header.too_large', 'The header has more text than any known model needs.');
    values.set(key, value);
  }
  vocabulary.finish();
  return values;
}

function trimmed(key: string, value: GgufValue): GgufValue {
  if (value.kind !== 'string' || key.startsWith('tokenizer.chat_template')) return value;
  return value.value.length > MAX_KEPT_TEXT
    ? { kind: 'string', value: value.value.slice(0, MAX_KEPT_TEXT) }
    : value;
}

function alignmentOf(values: ReadonlyMap<string, GgufValue>): number {
  const value = values.get('general.alignment');
  if (value === undefined) return DEFAULT_ALIGNMENT;
  if (value.kind !== 'integer' || value.type !== 'u32')
    throw new GgufFault('value.type', 'general.alignment is not a 32-bit number.');
  const alignment = Number(value.value);
  const isPowerOfTwo = alignment > 0 && (alignment & (alignment - 1)) === 0;
  if (!isPowerOfTwo || alignment > GGUF_LIMITS.maxAlignment)
    throw new GgufFault('value.range', `The alignment ${alignment} is not a power of two up to 1 MiB.`);
  return alignment;
}
