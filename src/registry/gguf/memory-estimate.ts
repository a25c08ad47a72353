import type { GgufModel } from './model-facts.ts';

/** How a model would be loaded. */
export interface LoadPlan {
  /** Tokens that the cache holds for all streams together. */
  readonly cacheTokens: number;
  /** Most tokens in one step. */
  readonly batchTokens: number;
}

/** Memory of a loaded model, in bytes. Weights are mapped from the file, so they count only while they are in use. */
export interface MemoryEstimate {
  readonly weightsBytes: number;
  readonly cacheBytes: number;
  readonly computeBytes: number;
  readonly totalBytes: number;
}

const F16_BYTES = 2;
const F32_BYTES = 4;
/** Runtime, tokenizer and the process itself. */
const PROCESS_BYTES = 160 * 1_048_576;
/** Work space per batch row in units of the embedding: activations of the widest block, a few at a time. */
const ACTIVATION_WIDTHS = 12;

/**
 * What loading will take: weights as they are in the file, keys and values of every block in half precision, and
 * work space for one batch with its logits. An upper estimate: the real figure is at most about this.
 */
export function estimateMemory(model: GgufModel, plan: LoadPlan): MemoryEstimate {
  const heads = model.keyValueHeads.reduce((sum, count) => sum + count, 0);
  const cacheBytes = plan.cacheTokens * heads * (model.keyLength + model.valueLength) * F16_BYTES;
  const perRow = model.vocabularySize + ACTIVATION_WIDTHS * model.embeddingLength;
  const computeBytes = plan.batchTokens * perRow * F32_BYTES;
  const totalBytes = model.weightsBytes + cacheBytes + computeBytes + PROCESS_BYTES;
  return { weightsBytes: model.weightsBytes, cacheBytes, computeBytes, totalBytes };
}
