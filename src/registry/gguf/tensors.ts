import type { GgufCursor } from './cursor.ts';
import { GgufFault } from './fault.ts';
import { GGUF_LIMITS } from './limits.ts';
import { TENSOR_TYPES, type TensorType } from './tensor-types.ts';
import { readString } from './values.ts';

/** A tensor that lies inside the file. `dimensions` fastest first, as the format has them. */
export interface GgufTensor {
  readonly name: string;
  readonly type: string;
  readonly dimensions: readonly number[];
  readonly elements: bigint;
  readonly sizeBytes: bigint;
}

interface TensorSection {
  readonly count: number;
  readonly alignment: number;
  readonly fileBytes: number;
}

const NAME = /^[A-Za-z0-9_.\-/]+$/;

/**
 * Reads the table of tensors. Offsets must follow each other without gap or overlap, which is what the native
 * loader expects too; sizes are reckoned in BigInt, because 2^42 × 2^22 fits in no other number.
 * @throws {GgufFault} at the first broken rule.
 */
export async function readTensors(
  cursor: GgufCursor,
  section: TensorSection,
): Promise<{ readonly tensors: GgufTensor[]; readonly dataOffset: number }> {
  const alignment = BigInt(section.alignment);
  const tensors: GgufTensor[] = [];
  const names = new Set<string>();
  let expected = 0n;
  for (let index = 0; index < section.count; index++) {
    const { tensor, offset } = await readTensor(cursor);
    if (names.has(tensor.name))
      throw new GgufFault('tensor.duplicate', `The tensor ${tensor.name} is there twice.`);
    names.add(tensor.name);
    if (offset !== expected)
      throw new GgufFault('tensor.offset', `The tensor ${tensor.name} is not where it should be.`);
    expected = pad(offset + tensor.sizeBytes, alignment);
    if (expected > BigInt(section.fileBytes) + alignment)
      throw new GgufFault('tensor.outside_file', `The tensor ${tensor.name} ends beyond the file.`);
    tensors.push(tensor);
  }
  const dataOffset = Number(pad(BigInt(cursor.position), alignment));
  const last = tensors.at(-1);
  if (last === undefined) return { tensors, dataOffset };
  // The padding after the last tensor may be missing, its bytes may not.
  const end = expected - (pad(last.sizeBytes, alignment) - last.sizeBytes);
  if (BigInt(dataOffset) + end > BigInt(section.fileBytes))
    throw new GgufFault(
      'tensor.outside_file',
      'The file is shorter than its weights: the copy is incomplete.',
    );
  return { tensors, dataOffset };
}

async function readTensor(cursor: GgufCursor): Promise<{ tensor: GgufTensor; offset: bigint }> {
  const name = await readString(cursor, GGUF_LIMITS.maxTensorNameBytes);
  if (!NAME.test(name))
    throw new GgufFault('tensor.name', 'The name of a tensor has characters that none has.');
  await cursor.need(4);
  const rank = cursor.u32();
  if (rank < 1 || rank > GGUF_LIMITS.maxDimensions)
    throw new GgufFault('tensor.shape', `The tensor ${name} has ${rank} dimensions.`);
  await cursor.need(rank * 8 + 12);
  const dimensions = Array.from({ length: rank }, () => cursor.u64());
  const typeId = cursor.u32();
  const offset = cursor.u64();
  const type = TENSOR_TYPES.get(typeId);
  if (type === undefined)
    throw new GgufFault('tensor.type', `The tensor ${name} has the unknown type ${typeId}.`);
  return { tensor: measure(name, dimensions, type), offset };
}

function measure(name: string, dimensions: readonly bigint[], type: TensorType): GgufTensor {
  const elements = dimensions.reduce((product, size) => product * size, 1n);
  const [row = 0n] = dimensions;
  if (elements < 1n || elements >= 1n << 53n || row % BigInt(type.blockElements) !== 0n)
    throw new GgufFault('tensor.shape', `The tensor ${name} has an impossible shape.`);
  const sizeBytes = (elements / BigInt(type.blockElements)) * BigInt(type.blockBytes);
  return { name, type: type.name, dimensions: dimensions.map(Number), elements, sizeBytes };
}

function pad(value: bigint, alignment: bigint): bigint {
  return ((value + alignment - 1n) / alignment) * alignment;
}
