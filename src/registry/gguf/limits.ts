/**
 * What a GGUF file may claim. The native loader trusts counts and sizes that it reads; published exploits are
 * files that claim too much. A model in use today stays far below each of these.
 */
export const GGUF_LIMITS = {
  versions: [2, 3],
  maxTensors: 65_536,
  maxKeys: 65_536,
  maxKeyBytes: 256,
  /** The native loader's own limit (GGML_MAX_NAME less the closing zero). */
  maxTensorNameBytes: 63,
  maxStringBytes: 1_048_576,
  maxArrayElements: 1_048_576,
  /** Tokens, merges and the like: a longer one has no use and makes tokenizing slow. */
  maxArrayStringBytes: 4_096,
  /** Everything before the weights. The largest vocabularies in use take about 16 MB. */
  maxHeaderBytes: 64 * 1_048_576,
  maxAlignment: 1_048_576,
  maxDimensions: 4,
  maxBlocks: 512,
  maxContextTokens: 16_777_216,
  maxEmbeddingLength: 1_048_576,
  maxHeads: 4_096,
  maxTemplateBytes: 262_144,
} as const;
