/** A value of a GGUF header, with the type that the native loader expects for its key. */
export type GgufField =
  | { readonly type: 'u32' | 'i32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'f32s' | 'i32s'; readonly value: readonly number[] };

/** A tensor to be written: `dimensions` fastest first; `sizeBytes` as its type takes them. */
export interface TensorHeader {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly typeId: number;
  readonly sizeBytes: number;
}

const TYPE_IDS = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const VERSION = 3;
export const ALIGNMENT = 32;

/** The next multiple of the alignment. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Everything of a GGUF file before its weights, padded to where they begin. */
export function encodeHeader(
  fields: Readonly<Record<string, GgufField>>,
  tensors: readonly TensorHeader[],
): Uint8Array {
  const entries = Object.entries(fields);
  const parts = [Buffer.from('GGUF'), u32(VERSION), u64(tensors.length), u64(entries.length)];
  for (const [key, field] of entries) parts.push(text(key), encodeField(field));
  let offset = 0;
  for (const tensor of tensors) {
    parts.push(text(tensor.name), u32(tensor.dimensions.length), ...tensor.dimensions.map(u64));
    parts.push(u32(tensor.typeId), u64(offset));
    offset += padded(tensor.sizeBytes);
  }
  const header = Buffer.concat(parts);
  return Buffer.concat([header, Buffer.alloc(padded(header.length) - header.length)]);
}

function encodeField(field: GgufField): Buffer {
  switch (field.type) {
    case 'string':
      return Buffer.concat([u32(TYPE_IDS.string), text(field.value)]);
    case 'bool':
      return Buffer.concat([u32(TYPE_IDS.bool), Buffer.from([field.value ? 1 : 0])]);
    case 'strings':
      return Buffer.concat([arrayHead(TYPE_IDS.string, field.value.length), ...field.value.map(text)]);
    case 'f32s':
      return Buffer.concat([arrayHead(TYPE_IDS.f32, field.value.length), ...field.value.map(f32)]);
    case 'i32s':
      return Buffer.concat([arrayHead(TYPE_IDS.i32, field.value.length), ...field.value.map(i32)]);
    case 'f32':
      return Buffer.concat([u32(TYPE_IDS.f32), f32(field.value)]);
    case 'i32':
      return Buffer.concat([u32(TYPE_IDS.i32), i32(field.value)]);
    case 'u32':
    default:
      return Buffer.concat([u32(TYPE_IDS.u32), u32(field.value)]);
  }
}

function arrayHead(elementType: number, length: number): Buffer {
  return Buffer.concat([u32(TYPE_IDS.array), u32(elementType), u64(length)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
