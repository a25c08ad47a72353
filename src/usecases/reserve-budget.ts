import type { AnswerRequest } from '#core/index.ts';
import type { Limits, LimitStore, Spending } from '#usage/index.ts';
import type { Grant, Reservation } from './answer-chat.ts';
import type { AnswerTrail } from './answer-trail.ts';

export interface ReserveBudgetDeps {
  readonly limits: Limits;
  readonly prices: Pick<LimitStore, 'findPrice'>;
  /** Told what every answer took, for the metrics. */
  onSettled(model: string, inputTokens: number, outputTokens: number): void;
}

// Upper bounds, so that what is reserved is enough: no tokenizer makes more tokens than there are characters.
const EVIDENCE_TOKENS = 8_000;
const DEFAULT_OUTPUT_TOKENS = 1_024;
/** What a text is charged when the model could not say, because the caller hung up. */
const CHARACTERS_PER_TOKEN = 3;
const TOKENS_PER_PRICE = 1_000;

/** The step of the pipeline that keeps everyone within their limits. */
export function createReserveBudget(deps: ReserveBudgetDeps) {
  return async (request: AnswerRequest, { target }: Grant): Promise<Reservation> => {
    const { principal } = request;
    const price = await deps.prices.findPrice(principal.tenantId, target.model);
    const toSpending = (inputTokens: number, outputTokens: number): Spending => {
      const micro = inputTokens * (price?.inputMicro ?? 0) + outputTokens * (price?.outputMicro ?? 0);
      return { tokens: inputTokens + outputTokens, costMicro: Math.ceil(micro / TOKENS_PER_PRICE) };
    };
    const characters = request.messages.reduce((sum, { content }) => sum + content.length, 0);
    const outputTokens = request.sampling.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS;
    const reservation = await deps.limits.reserve(
      principal,
      toSpending(characters + EVIDENCE_TOKENS, outputTokens),
    );
    return {
      async settle(trail) {
        const usage = usageOf(trail, characters);
        deps.onSettled(target.model, usage.inputTokens, usage.outputTokens);
        await reservation.settle(toSpending(usage.inputTokens, usage.outputTokens));
      },
    };
  };
}

/** Tokens of an answer. One that was cut off before the model said so is charged for what there was of it. */
function usageOf(trail: AnswerTrail, questionCharacters: number): AnswerTrail['usage'] {
  const { usage, prompt, text } = trail;
  if (prompt === undefined || usage.inputTokens + usage.outputTokens > 0) return usage;
  return {
    inputTokens: Math.ceil(questionCharacters / CHARACTERS_PER_TOKEN),
    outputTokens: Math.ceil(text.length / CHARACTERS_PER_TOKEN),
    cachedInputTokens: 0,
  };
}
