import { GgufFault } from './fault.ts';
import type { GgufHeader } from './header.ts';
import { GGUF_LIMITS } from './limits.ts';
import type { GgufValue } from './values.ts';
import { checkVocabulary } from './vocabulary-facts.ts';

/** What the product knows about a model file before any native code has seen it. */
export interface GgufModel {
  readonly architecture: string;
  readonly name: string | undefined;
  readonly license: string | undefined;
  /** Longest input and output together that the model was trained for, in tokens. */
  readonly contextTokens: number;
  readonly blockCount: number;
  readonly embeddingLength: number;
  /** Heads of keys and values, per block. */
  readonly keyValueHeads: readonly number[];
  readonly keyLength: number;
  readonly valueLength: number;
  readonly vocabularySize: number;
  /** 0 none, 1 mean, 2 first token, 3 last token, 4 ranking; undefined when the file does not say. */
  readonly poolingType: number | undefined;
  /** Most common type among the large tensors: `Q4_K`. */
  readonly quantization: string;
  readonly parameters: number;
  readonly weightsBytes: number;
  readonly chatTemplate: string | undefined;
}

type Values = ReadonlyMap<string, GgufValue>;

/**
 * The facts of a model, each of the expected type and in a believable range.
 * @throws {GgufFault} when a fact is missing, of another type, or contradicts another.
 */
export function describeModel(header: GgufHeader): GgufModel {
  const { values } = header;
  const architecture = text(values, 'general.architecture');
  if (architecture === undefined || !/^[a-z0-9][a-z0-9_.-]{0,63}$/.test(architecture))
    throw new GgufFault('key.missing', 'The file does not say what kind of model it is.');
  refuseOtherKinds(values, header.tensors.length);
  const blockCount = expectInteger(values, `${architecture}.block_count`, [1, GGUF_LIMITS.maxBlocks]);
  const embeddingLength = expectInteger(values, `${architecture}.embedding_length`, [
    1,
    GGUF_LIMITS.maxEmbeddingLength,
  ]);
  const heads = perBlock(values, `${architecture}.attention.head_count`, blockCount) ?? [];
  const headCount = Math.max(1, ...heads);
  const keyValueHeads = perBlock(values, `${architecture}.attention.head_count_kv`, blockCount) ?? heads;
  const perHead = Math.floor(embeddingLength / headCount);
  return {
    architecture,
    name: text(values, 'general.name'),
    license: text(values, 'general.license'),
    contextTokens: expectInteger(values, `${architecture}.context_length`, [1, GGUF_LIMITS.maxContextTokens]),
    blockCount,
    embeddingLength,
    keyValueHeads,
    keyLength: integer(values, `${architecture}.attention.key_length`, [1, 65_536]) ?? perHead,
    valueLength: integer(values, `${architecture}.attention.value_length`, [1, 65_536]) ?? perHead,
    vocabularySize: checkVocabulary(header, embeddingLength),
    poolingType: integer(values, `${architecture}.pooling_type`, [0, 4]),
    ...weightsOf(header),
    chatTemplate: templateOf(values),
  };
}

function refuseOtherKinds(values: Values, tensorCount: number): void {
  const kind = text(values, 'general.type') ?? 'model';
  if (kind !== 'model') throw new GgufFault('model.kind', `The file is not a model but of kind "${kind}".`);
  if ((integer(values, 'split.count', [0, 65_535]) ?? 1) > 1)
    throw new GgufFault('model.split', 'The file is one part of several; join them into one file first.');
  if (tensorCount === 0) throw new GgufFault('model.kind', 'The file has no weights.');
}

function weightsOf(header: GgufHeader): Pick<GgufModel, 'quantization' | 'parameters' | 'weightsBytes'> {
  const bytesByType = new Map<string, bigint>();
  let parameters = 0n;
  let weightsBytes = 0n;
  for (const tensor of header.tensors) {
    parameters += tensor.elements;
    weightsBytes += tensor.sizeBytes;
    if (tensor.dimensions.length > 1)
      bytesByType.set(tensor.type, (bytesByType.get(tensor.type) ?? 0n) + tensor.sizeBytes);
  }
  const [largest] = [...bytesByType].toSorted(([, a], [, b]) => (a > b ? -1 : 1));
  return {
    quantization: largest?.[0] ?? 'F32',
    parameters: Number(parameters),
    weightsBytes: Number(weightsBytes),
  };
}

function templateOf(values: Values): string | undefined {
  const template = text(values, 'tokenizer.chat_template');
  if (template !== undefined && template.length > GGUF_LIMITS.maxTemplateBytes)
    throw new GgufFault('string.length', 'The chat template is longer than any known one.');
  return template;
}

/** A text of the header; undefined when it is not there. @throws {GgufFault} when it is something else. */
function text(values: Values, key: string): string | undefined {
  const value = values.get(key);
  if (value === undefined) return undefined;
  if (value.kind !== 'string') throw new GgufFault('value.type', `${key} is not a text.`);
  return value.value;
}

function integer(values: Values, key: string, range: readonly [number, number]): number | undefined {
  const value = values.get(key);
  if (value === undefined) return undefined;
  // The native loader asks for exactly these types and stops at others.
  if (value.kind !== 'integer' || !['u16', 'u32', 'i32'].includes(value.type))
    throw new GgufFault('value.type', `${key} is not a whole number of the expected type.`);
  const [least, most] = range;
  if (value.value < BigInt(least) || value.value > BigInt(most))
    throw new GgufFault('value.range', `${key} is ${value.value}; it must be ${least} to ${most}.`);
  return Number(value.value);
}

function expectInteger(values: Values, key: string, range: readonly [number, number]): number {
  const value = integer(values, key, range);
  if (value === undefined) throw new GgufFault('key.missing', `The file lacks ${key}.`);
  return value;
}

function perBlock(values: Values, key: string, blocks: number): readonly number[] | undefined {
  const value = values.get(key);
  if (value?.kind !== 'array') {
    const one = integer(values, key, [0, GGUF_LIMITS.maxHeads]);
    return one === undefined ? undefined : Array.from({ length: blocks }, () => one);
  }
  const numbers = value.numbers ?? [];
  const isPlausible = numbers.every(
    (count) => Number.isInteger(count) && count >= 0 && count <= GGUF_LIMITS.maxHeads,
  );
  if (numbers.length < blocks || !isPlausible || !/^[ui]32$/.test(value.type))
    throw new GgufFault('value.range', `${key} does not give a count for each block.`);
  return numbers.slice(0, blocks);
}
