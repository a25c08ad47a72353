import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRuntime, RuntimeSettings } from './model-runtime.ts';
import { makeModel, type ModelShape } from './model-maker.ts';

const SHAPE: ModelShape = {
  architecture: 'llama',
  embeddingLength: 64,
  blockCount: 2,
  headCount: 4,
  keyValueHeadCount: 2,
  feedForwardLength: 128,
  contextTokens: 256,
  vocabularySize: 320,
};
const SETTINGS: RuntimeSettings = {
  purpose: 'chat',
  threads: 1,
  cacheTokens: 256,
  batchTokens: 32,
  sequences: 2,
  isUnified: true,
  gpuLayers: 0,
};
const PROMPT = 'the engine checks itself';
/** What the model made here must say. The same with each of the eight processor variants that could be tried. */
const GOLDEN_TOKENS = [303, 185, 243, 129, 260, 37, 75, 62, 62, 62, 62, 62, 62, 62, 75, 260];

/** A runtime that can be given back. */
export interface CheckedRuntime extends ModelRuntime {
  free(): void;
}

/**
 * Runs a tiny model, made on the spot, through everything the batcher uses, and compares what it says with what it
 * must say. A library whose interface differs from the layout in use fails here, in this process, and not later in
 * somebody's answer.
 * @throws {Error} when it says something else.
 */
export async function selfCheck(
  load: (path: string, settings: RuntimeSettings) => Promise<CheckedRuntime>,
  scratchDirectory: string,
): Promise<void> {
  const path = join(scratchDirectory, `self-check-${process.pid}.gguf`);
  writeFileSync(path, Buffer.concat([...makeModel(SHAPE, { weights: 'f32', start: 7 })]), { mode: 0o600 });
  try {
    const runtime = await load(path, SETTINGS);
    try {
      const tokens = await greedyTokens(runtime, GOLDEN_TOKENS.length);
      if (tokens.some((token, index) => token !== GOLDEN_TOKENS[index]))
        throw new Error('the library computes something else than this product was made for');
    } finally {
      runtime.free();
    }
  } finally {
    rmSync(path, { force: true });
  }
}

/** The first tokens after a fixed prompt, half of them after a copy of the sequence and a saved state. */
export async function greedyTokens(runtime: ModelRuntime, count: number): Promise<number[]> {
  const prompt = runtime.tokenize(PROMPT, { isStart: true, isControl: false });
  const sampler = runtime.createSampler({ temperature: 0 });
  const output: number[] = [];
  let sequence = 0;
  let pending = prompt;
  let position = 0;
  try {
    while (output.length < count) {
      runtime.clearBatch();
      let row = -1;
      for (const [index, token] of pending.entries())
        row = runtime.addRow({
          token,
          position: position + index,
          sequence,
          wantsOutput: index === pending.length - 1,
        });
      if ((await runtime.decode()) !== 'done') throw new Error('the library has no room for a short text');
      position += pending.length;
      pending = [sampler.sample(row)];
      output.push(pending[0]!);
      if (output.length === Math.floor(count / 2)) sequence = moveSequence(runtime, position);
    }
  } finally {
    sampler.free();
  }
  return output;
}

/** Copies sequence 0 to 1, saves that, and reads it back into 0. */
function moveSequence(runtime: ModelRuntime, length: number): number {
  runtime.copySequence(0, 1, length);
  const saved = runtime.saveSequence(1);
  runtime.trimSequence(0, 0);
  runtime.trimSequence(1, 0);
  if (!runtime.restoreSequence(0, saved)) throw new Error('the library cannot read back what it saved');
  return 0;
}
