import { closeSync, openSync, writeSync } from 'node:fs';
import { makeModel, type MakerOptions, type ModelShape } from '#engine/llama/model-maker.ts';

/** Shapes for tests and benches; weights are random, speed and memory are real. */
export const SHAPES = {
  tiny: {
    architecture: 'llama',
    embeddingLength: 64,
    blockCount: 2,
    headCount: 4,
    keyValueHeadCount: 2,
    feedForwardLength: 128,
    contextTokens: 2048,
    vocabularySize: 512,
  },
  /** As a common model of 135 million parameters. */
  m135: {
    architecture: 'llama',
    embeddingLength: 576,
    blockCount: 30,
    headCount: 9,
    keyValueHeadCount: 3,
    feedForwardLength: 1536,
    contextTokens: 8192,
    vocabularySize: 49_152,
    isOutputTied: true,
  },
  /** As wide as a real model and two blocks deep, for comparing tokens: rounding has little room to grow. */
  wide: {
    architecture: 'llama',
    embeddingLength: 576,
    blockCount: 2,
    headCount: 9,
    keyValueHeadCount: 3,
    feedForwardLength: 1536,
    contextTokens: 2048,
    vocabularySize: 4096,
    isOutputTied: true,
  },
  encoder: {
    architecture: 'bert',
    embeddingLength: 64,
    blockCount: 2,
    headCount: 4,
    keyValueHeadCount: 4,
    feedForwardLength: 128,
    contextTokens: 256,
    vocabularySize: 512,
    poolingType: 1,
  },
  ranker: {
    architecture: 'bert',
    embeddingLength: 64,
    blockCount: 2,
    headCount: 4,
    keyValueHeadCount: 4,
    feedForwardLength: 128,
    contextTokens: 256,
    vocabularySize: 512,
    poolingType: 4,
  },
} as const satisfies Record<string, ModelShape>;

/** The bytes of a small model. */
export function tinyGguf(
  shape: ModelShape = SHAPES.tiny,
  options: Partial<MakerOptions> = {},
): Buffer<ArrayBuffer> {
  return Buffer.concat([...makeModel(shape, { weights: 'f32', start: 7, ...options })]);
}

/** Writes a model to a file, without holding it in memory. */
export function writeGguf(path: string, shape: ModelShape, options: Partial<MakerOptions> = {}): void {
  const file = openSync(path, 'w', 0o600);
  try {
    for (const part of makeModel(shape, { weights: 'f32', start: 7, ...options })) writeSync(file, part);
  } finally {
    closeSync(file);
  }
}
