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

/**
 * What goes into the next step: one token for every running stream, then prompt tokens up to `prefillBudget`, by
 * priority and then by arrival. One prompt is finished before the next is begun: splitting the budget evenly would
 * make everybody wait for the last.
 */
export function planStep(streams: readonly PlannedStream[], prefillBudget: number): StepPlan {
  const decode = streams.filter((stream) => stream.remainingPrompt === 0).map(({ id }) => id);
  const waiting = streams
    .filter((stream) => stream.remainingPrompt > 0)
    .toSorted((a, b) => b.priority - a.priority || a.arrival - b.arrival);
  const prefill: { id: string; tokens: number }[] = [];
  let left = prefillBudget;
  for (const stream of waiting) {
    const tokens = Math.min(left, stream.remainingPrompt);
    if (tokens <= 0) break;
    prefill.push({ id: stream.id, tokens });
    left -= tokens;
  }
  return { decode, prefill };
}
