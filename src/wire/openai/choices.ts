import type { AnswerEvent, AnswerInput, Usage } from '#core/index.ts';
import { toAnswerInput, type ChatCompletionRequest } from './chat-completion-request.ts';
import { encodeChunks, encodeUsage, type Completion, type Start } from './chat-completion-response.ts';

/** What happened to one of the answers that a request asked for. */
export interface ChoiceEvent {
  readonly index: number;
  readonly event: AnswerEvent;
}

/**
 * The answers that a request asks for, each as the pipeline takes it. Choices of one seed would all be the same: each
 * further one counts it on.
 */
export function toAnswerInputs(body: ChatCompletionRequest): readonly [AnswerInput, ...AnswerInput[]] {
  const first = toAnswerInput(body);
  const { seed } = first.sampling;
  const others = Array.from({ length: (body.n ?? 1) - 1 }, (_, at) => {
    if (seed === undefined) return first;
    return { ...first, sampling: { ...first.sampling, seed: seed + at + 1 } };
  });
  return [first, ...others];
}

/**
 * Encodes the events of several answers, as they come, as the chunks of one streamed completion. It bears the id of the
 * answer that begins first; each choice ends with its own answer's id. What all took together is said after the last.
 */
export function encodeChoices({
  count,
  includeUsage,
}: {
  readonly count: number;
  readonly includeUsage: boolean;
}): (one: ChoiceEvent) => readonly string[] {
  let first: Start | undefined;
  let left = count;
  let sum: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };
  const encoders = Array.from({ length: count }, (_, index) =>
    encodeChunks({ includeUsage: false }, { index, shownAs: (own) => (first ??= own) }),
  );
  return ({ index, event }) => {
    const chunks = encoders[index]?.(event) ?? [];
    if (event.type !== 'answer-end') return chunks;
    sum = added(sum, event.usage);
    left -= 1;
    return left > 0 || !includeUsage || first === undefined ? chunks : [...chunks, encodeUsage(first, sum)];
  };
}

function added(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  };
}

/**
 * Several completions as the choices of one, under the id of the first. Each choice says what we say of an answer
 * beside; tokens are those of all of them, as they are charged.
 */
export function joinCompletions(completions: readonly [Completion, ...Completion[]]): Completion {
  const [first] = completions;
  if (completions.length === 1) return first;
  const sum = (of: (usage: Completion['usage']) => number) =>
    completions.reduce((total, { usage }) => total + of(usage), 0);
  return {
    ...first,
    choices: completions.flatMap(({ choices, hradlo }, index) =>
      choices.map((choice) => ({ ...choice, index, hradlo })),
    ),
    usage: {
      prompt_tokens: sum((usage) => usage.prompt_tokens),
      completion_tokens: sum((usage) => usage.completion_tokens),
      total_tokens: sum((usage) => usage.total_tokens),
      prompt_tokens_details: { cached_tokens: sum((usage) => usage.prompt_tokens_details.cached_tokens) },
    },
  };
}
