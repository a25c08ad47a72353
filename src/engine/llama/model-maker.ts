import { encodeHeader, padded, type GgufField, type TensorHeader } from './gguf-writer.ts';
import { makeTinyVocabulary } from './tiny-vocabulary.ts';

/** The measures of a made-up model with random weights. */
export interface ModelShape {
  readonly architecture: 'llama' | 'bert';
  readonly embeddingLength: number;
  readonly blockCount: number;
  readonly headCount: number;
  readonly keyValueHeadCount: number;
  readonly feedForwardLength: number;
  readonly contextTokens: number;
  readonly vocabularySize: number;
  /** The output uses the embedding table instead of one of its own. */
  readonly isOutputTied?: boolean;
  /** For `bert`: 1 is the mean of all tokens, 4 gives a score. */
  readonly poolingType?: number;
}

export interface MakerOptions {
  readonly weights: 'f32' | 'q8_0';
  /** Start of the random numbers: the same start gives the same file. */
  readonly start: number;
  readonly chatTemplate?: string;
  /** Weights lie between minus this and this. Smaller ones make a calmer model, whose choices are clearer. */
  readonly spread?: number;
}

type Fill = 'random' | 'ones' | 'zeros';
interface Tensor extends TensorHeader {
  readonly fill: Fill;
}

const TYPES = { f32: 0, q8_0: 8 } as const;
const TOKEN_TYPES = 2;
const Q8_BLOCK = 32;
const Q8_BLOCK_BYTES = 34;
const DEFAULT_SPREAD = 0.08;

export const CHATML_TEMPLATE =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** A GGUF file with random weights, piece by piece, in the order of the file. Needs no download and no library. */
export function* makeModel(shape: ModelShape, options: MakerOptions): Generator<Uint8Array> {
  const tensors = shape.architecture === 'llama' ? llamaTensors(shape, options) : bertTensors(shape, options);
  yield encodeHeader(fieldsOf(shape, options), tensors);
  const random = xorshift(options.start);
  for (const tensor of tensors) {
    const bytes = fillTensor(tensor, random, options.spread ?? DEFAULT_SPREAD);
    yield bytes;
    yield new Uint8Array(padded(bytes.length) - bytes.length);
  }
}

function fieldsOf(shape: ModelShape, options: MakerOptions): Record<string, GgufField> {
  const { architecture: kind } = shape;
  const u32 = (value: number): GgufField => ({ type: 'u32', value });
  const isBert = kind === 'bert';
  return {
    'general.architecture': { type: 'string', value: kind },
    'general.name': { type: 'string', value: `made-up ${kind}` },
    [`${kind}.block_count`]: u32(shape.blockCount),
    [`${kind}.context_length`]: u32(shape.contextTokens),
    [`${kind}.embedding_length`]: u32(shape.embeddingLength),
    [`${kind}.feed_forward_length`]: u32(shape.feedForwardLength),
    [`${kind}.attention.head_count`]: u32(shape.headCount),
    [`${kind}.attention.head_count_kv`]: u32(shape.keyValueHeadCount),
    ...(isBert ? bertFields(shape) : llamaFields(shape, options)),
    ...vocabularyFields(shape.vocabularySize, isBert),
  };
}

function llamaFields(shape: ModelShape, options: MakerOptions): Record<string, GgufField> {
  return {
    'llama.rope.dimension_count': { type: 'u32', value: shape.embeddingLength / shape.headCount },
    'llama.vocab_size': { type: 'u32', value: shape.vocabularySize },
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    'tokenizer.chat_template': { type: 'string', value: options.chatTemplate ?? CHATML_TEMPLATE },
  };
}

function bertFields(shape: ModelShape): Record<string, GgufField> {
  return {
    'bert.attention.layer_norm_epsilon': { type: 'f32', value: 1e-12 },
    'bert.attention.causal': { type: 'bool', value: false },
    'bert.pooling_type': { type: 'u32', value: shape.poolingType ?? 1 },
    'tokenizer.ggml.token_type_count': { type: 'u32', value: TOKEN_TYPES },
  };
}

function vocabularyFields(size: number, isBert: boolean): Record<string, GgufField> {
  const vocabulary = makeTinyVocabulary(size);
  const fields: Record<string, GgufField> = {
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.tokens': { type: 'strings', value: vocabulary.tokens },
    'tokenizer.ggml.scores': { type: 'f32s', value: vocabulary.scores },
    'tokenizer.ggml.token_type': { type: 'i32s', value: vocabulary.kinds },
    'tokenizer.ggml.bos_token_id': { type: 'u32', value: vocabulary.beginId },
    'tokenizer.ggml.eos_token_id': { type: 'u32', value: vocabulary.endId },
    'tokenizer.ggml.unknown_token_id': { type: 'u32', value: vocabulary.unknownId },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    'tokenizer.ggml.add_eos_token': { type: 'bool', value: isBert },
    'tokenizer.ggml.add_space_prefix': { type: 'bool', value: false },
  };
  return isBert
    ? { ...fields, 'tokenizer.ggml.seperator_token_id': { type: 'u32', value: vocabulary.endId } }
    : fields;
}

function llamaTensors(shape: ModelShape, { weights }: MakerOptions): Tensor[] {
  const { embeddingLength: width, feedForwardLength: inner } = shape;
  const keys = (width / shape.headCount) * shape.keyValueHeadCount;
  const matrix = (name: string, dimensions: readonly number[]) => tensor(name, dimensions, weights);
  const blocks = Array.from({ length: shape.blockCount }, (_, index) => `blk.${index}`).flatMap((block) => [
    tensor(`${block}.attn_norm.weight`, [width], 'f32', 'ones'),
    matrix(`${block}.attn_q.weight`, [width, width]),
    matrix(`${block}.attn_k.weight`, [width, keys]),
    matrix(`${block}.attn_v.weight`, [width, keys]),
    matrix(`${block}.attn_output.weight`, [width, width]),
    tensor(`${block}.ffn_norm.weight`, [width], 'f32', 'ones'),
    matrix(`${block}.ffn_gate.weight`, [width, inner]),
    matrix(`${block}.ffn_up.weight`, [width, inner]),
    matrix(`${block}.ffn_down.weight`, [inner, width]),
  ]);
  return [
    matrix('token_embd.weight', [width, shape.vocabularySize]),
    ...blocks,
    tensor('output_norm.weight', [width], 'f32', 'ones'),
    ...(shape.isOutputTied === true ? [] : [matrix('output.weight', [width, shape.vocabularySize])]),
  ];
}

function bertTensors(shape: ModelShape, { weights }: MakerOptions): Tensor[] {
  const { embeddingLength: width, feedForwardLength: inner } = shape;
  const linear = (name: string, input: number, output: number) => [
    tensor(`${name}.weight`, [input, output], weights),
    tensor(`${name}.bias`, [output], 'f32', 'zeros'),
  ];
  const norm = (name: string) => [
    tensor(`${name}.weight`, [width], 'f32', 'ones'),
    tensor(`${name}.bias`, [width], 'f32', 'zeros'),
  ];
  const blocks = Array.from({ length: shape.blockCount }, (_, index) => `blk.${index}`).flatMap((block) => [
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].flatMap((name) =>
      linear(`${block}.${name}`, width, width),
    ),
    ...norm(`${block}.attn_output_norm`),
    ...linear(`${block}.ffn_up`, width, inner),
    ...linear(`${block}.ffn_down`, inner, width),
    ...norm(`${block}.layer_output_norm`),
  ]);
  return [
    tensor('token_embd.weight', [width, shape.vocabularySize], weights),
    tensor('position_embd.weight', [width, shape.contextTokens], 'f32'),
    tensor('token_types.weight', [width, TOKEN_TYPES], 'f32'),
    ...norm('token_embd_norm'),
    ...blocks,
    ...(shape.poolingType === 4 ? [...linear('cls', width, width), ...linear('cls.output', width, 1)] : []),
  ];
}

function tensor(
  name: string,
  dimensions: readonly number[],
  weights: MakerOptions['weights'],
  fill: Fill = 'random',
): Tensor {
  const elements = dimensions.reduce((product, size) => product * size, 1);
  const sizeBytes = weights === 'f32' ? elements * 4 : (elements / Q8_BLOCK) * Q8_BLOCK_BYTES;
  return { name, dimensions, typeId: TYPES[weights], sizeBytes, fill };
}

function fillTensor({ typeId, sizeBytes, fill }: Tensor, random: () => number, spread: number): Uint8Array {
  if (typeId === TYPES.f32) {
    const values = new Float32Array(sizeBytes / 4);
    if (fill === 'ones') values.fill(1);
    if (fill === 'random')
      for (let index = 0; index < values.length; index++) values[index] = (random() - 0.5) * 2 * spread;
    return new Uint8Array(values.buffer);
  }
  const bytes = Buffer.alloc(sizeBytes);
  const scale = toHalf(spread / 127);
  // Each block: one half-precision scale, then 32 signed bytes.
  for (let at = 0; at < sizeBytes; at += Q8_BLOCK_BYTES) {
    bytes.writeUInt16LE(scale, at);
    for (let index = 0; index < Q8_BLOCK; index += 4)
      bytes.writeInt32LE((random() * 2 ** 32) | 0, at + 2 + index);
  }
  return bytes;
}

/** A positive number of ordinary size in half precision, rounded down: 5 bits of exponent, 10 of mantissa. */
function toHalf(value: number): number {
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.floor((value / 2 ** exponent - 1) * 1024);
}

/** Marsaglia's xorshift32: numbers from 0 to 1, the same on every machine. */
function xorshift(start: number): () => number {
  let state = start >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
