/** A stream as the planner sees it. */
export interface PlannedStream {
  readonly id: string;
  /** Prompt tokens that are not in the cache yet; 0 while it decodes. */
  readonly remainingPrompt: number;
  /** Tokens that are in the cache. */
  readonly position: number;
  readonly priority: number;
  readonly arrival: number;
}

export interface StepPlan {
  /** Streams that get their next token. */
  readonly decode: readonly string[];
  /** Parts of prompts, in order. */
  readonly prefill: readonly { readonly id: string; readonly tokens: number }[];
}

/** What a step may hold. */
export interface StepRoom {
  /** Prompt tokens that the step should have, one tile at least; a little more where that saves a step. */
  readonly prefillBudget: number;
  /** Tokens of all kinds that the library takes at once. */
  readonly mostTokens: number;
  /** Whether the first token of a prompt is computed together with those of the running streams, and not in a tile. */
  readonly isMixed: boolean;
}

/**
 * The library's attention computes blocks of so many rows, and a part of one costs as much as the whole; fewer rows than
 * one go row by row, at three times the cost: at position 2,048, 63 tokens took 573 ms and 64 took 242 (135 million
 * parameters, one thread).
 */
export const TILE = 64;
/** A smaller part of a prompt costs as much as this many tokens, so none is begun and none is left over. */
const LEAST_PART = 16;
/** The same while nobody waits for the end of the step. */
const LEAST_REST_ALONE = 40;

/**
 * What goes into the next step: one token for every running stream, then about `prefillBudget` prompt tokens, by
 * priority and then by arrival. One prompt is finished before the next is begun: splitting the budget evenly would
 * make everybody wait for the last.
 */
export function planStep(streams: readonly PlannedStream[], step: StepRoom): StepPlan {
  const decode = streams.filter((stream) => stream.remainingPrompt === 0).map(({ id }) => id);
  const leastRest = decode.length > 0 ? LEAST_PART : LEAST_REST_ALONE;
  const prefill: { id: string; tokens: number }[] = [];
  let room = step.mostTokens - decode.length;
  let left = Math.min(step.prefillBudget, room);
  for (const { id, remainingPrompt } of readingOrder(streams)) {
    const isFirst = prefill.length === 0;
    const isWhole = remainingPrompt - left < leastRest && remainingPrompt <= room;
    const part = isFirst ? tiled(remainingPrompt, left, step) : Math.min(left, remainingPrompt);
    const tokens = isWhole ? remainingPrompt : Math.min(part, room);
    const isTooSmall = !isFirst && tokens < Math.min(LEAST_PART, remainingPrompt);
    if (left <= 0 || tokens <= 0 || isTooSmall) break;
    prefill.push({ id, tokens });
    left -= tokens;
    room -= tokens;
  }
  return { decode, prefill };
}

/**
 * A part of about `left` tokens of a prompt that is longer. What does not fill a tile is taken at the beginning, where a
 * token has few others to look at, so that whole tiles are left for where it has many.
 */
function tiled(remaining: number, left: number, { isMixed }: StepRoom): number {
  if (isMixed) return Math.max(TILE, left - (left % TILE)) + 1;
  const over = (((left - remaining) % TILE) + TILE) % TILE;
  const tokens = left - over;
  return tokens < TILE ? tokens + TILE : tokens;
}

/** Streams whose prompts are still to be read, those whose turn it is first. */
export function readingOrder(streams: readonly PlannedStream[]): PlannedStream[] {
  return streams
    .filter((stream) => stream.remainingPrompt > 0)
    .toSorted((a, b) => b.priority - a.priority || a.arrival - b.arrival);
}
