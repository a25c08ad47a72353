import type { ModelRuntime } from './model-runtime.ts';

export interface PooledLimits {
  readonly batchTokens: number;
  readonly sequences: number;
}

/**
 * Runs token lists through an encoder, as many in one step as fit, and hands back the pooled output of each, in
 * order. A list longer than a step is cut: the callers state that limit.
 */
export async function runPooled(
  runtime: ModelRuntime,
  lists: readonly (readonly number[])[],
  limits: PooledLimits,
): Promise<Float32Array<ArrayBuffer>[]> {
  const outputs: Float32Array<ArrayBuffer>[] = [];
  for (const group of groupsOf(lists, limits)) {
    runtime.clearBatch();
    for (const [sequence, tokens] of group.entries()) {
      runtime.trimSequence(sequence, 0);
      for (const [position, token] of tokens.entries()) {
        runtime.addRow({ token, position, sequence, wantsOutput: true });
      }
    }
    if ((await runtime.decode()) !== 'done') throw new Error('the texts do not fit the cache');
    outputs.push(...group.map((_, sequence) => runtime.pooled(sequence)));
  }
  return outputs;
}

/** Consecutive lists that fit one step together. */
export function groupsOf(
  lists: readonly (readonly number[])[],
  { batchTokens, sequences }: PooledLimits,
): (readonly number[])[][] {
  const groups: (readonly number[])[][] = [];
  let room = 0;
  for (const list of lists) {
    const cut = list.slice(0, batchTokens);
    const last = groups.at(-1);
    if (last !== undefined && cut.length <= room && last.length < sequences) last.push(cut);
    else groups.push([cut]);
    room = (groups.at(-1) === last ? room : batchTokens) - cut.length;
  }
  return groups;
}

/** The vector at length one; a zero vector stays zero. */
export function normalised(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** A logit as a relevance from 0 to 1. */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
