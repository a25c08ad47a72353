/** A stream as the planner sees it. */
export interface PlannedStream {
  readonly id: string;
  /** Prompt tokens that are not in the cache yet; 0 while it decodes. */
  readonly remainingPrompt: number;
  readonly priority: number;
  readonly arrival: number;
}

export interface StepPlan {
  /** Streams that get their next token. */
  readonly decode: readonly string[];
  /** Parts of prompts, in order. */
  readonly prefill: readonly { readonly id: string; readonly tokens: number }[];
}

/** A smaller part of a prompt costs as much as this many tokens, so none is begun and none is left over. */
const LEAST_PART = 16;
/** The same while nobody waits for the end of the step. */
const LEAST_REST_ALONE = 40;

/**
 * What goes into the next step: one token for every running stream, then about `prefillBudget` prompt tokens, by
 * priority and then by arrival. One prompt is finished before the next is begun: splitting the budget evenly would
 * make everybody wait for the last. The small rest of a prompt goes along, while all fits into `mostTokens`.
 */
export function planStep(
  streams: readonly PlannedStream[],
  prefillBudget: number,
  mostTokens: number,
): StepPlan {
  const decode = streams.filter((stream) => stream.remainingPrompt === 0).map(({ id }) => id);
  const waiting = streams
    .filter((stream) => stream.remainingPrompt > 0)
    .toSorted((a, b) => b.priority - a.priority || a.arrival - b.arrival);
  const leastRest = decode.length > 0 ? LEAST_PART : LEAST_REST_ALONE;
  const prefill: { id: string; tokens: number }[] = [];
  let room = mostTokens - decode.length;
  let left = Math.min(prefillBudget, room);
  for (const { id, remainingPrompt } of waiting) {
    const isWhole = remainingPrompt - left < leastRest && remainingPrompt <= room;
    const tokens = isWhole ? remainingPrompt : Math.min(left, remainingPrompt);
    const isTooSmall = prefill.length > 0 && tokens < Math.min(LEAST_PART, remainingPrompt);
    if (left <= 0 || tokens <= 0 || isTooSmall) break;
    prefill.push({ id, tokens });
    left -= tokens;
    room -= tokens;
  }
  return { decode, prefill };
}
