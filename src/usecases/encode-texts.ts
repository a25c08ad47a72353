import { AppError, mayAskModel, type Principal } from '#core/index.ts';
import type { Limits, LimitStore } from '#usage/index.ts';
import { unloadedModel } from './models/unloaded-model.ts';

export interface EncodeTextsDeps {
  readonly limits: Limits;
  readonly prices: Pick<LimitStore, 'findPrice'>;
  onSettled(model: string, inputTokens: number, outputTokens: number): void;
}

/** Texts for an encoder, and who asks. */
export interface EncodeRequest {
  readonly principal: Principal;
  readonly model: string;
  readonly texts: readonly string[];
}

const TOKENS_PER_PRICE = 1_000;

/**
 * Lets an encoder work on texts that a caller brings, within the caller's limits, and counts what it read. Nothing of
 * the texts is kept.
 * @throws {AppError} model.not_found, engine.unavailable, limit.exceeded, and what the encoder throws.
 */
export async function encodeTexts<Encoder, Result extends { readonly inputTokens: number }>(
  deps: EncodeTextsDeps,
  { principal, model, texts }: EncodeRequest,
  work: {
    readonly encoder: Encoder | undefined;
    /** The model behind the name, if it is only unloaded. */
    readonly unloaded: string | undefined;
    run(encoder: Encoder): Promise<Result>;
  },
): Promise<Result> {
  const { encoder, unloaded } = work;
  const isAllowed = mayAskModel(principal, model);
  if (isAllowed && encoder === undefined && unloaded !== undefined) throw unloadedModel(unloaded);
  if (encoder === undefined || !isAllowed) {
    throw new AppError('model.not_found', `No model for this is called "${model}".`, {
      details: { model, param: 'model' },
    });
  }
  const price = await deps.prices.findPrice(principal.tenantId, model);
  const toSpending = (tokens: number) => ({
    tokens,
    costMicro: Math.ceil((tokens * (price?.inputMicro ?? 0)) / TOKENS_PER_PRICE),
  });
  // No tokenizer makes more tokens than there are characters, but for those that frame each text.
  const most = texts.reduce((sum, text) => sum + text.length + 2, 0);
  const reservation = await deps.limits.reserve(principal, toSpending(most));
  let inputTokens = 0;
  try {
    const result = await work.run(encoder);
    inputTokens = result.inputTokens;
    return result;
  } finally {
    deps.onSettled(model, inputTokens, 0);
    await reservation.settle(toSpending(inputTokens));
  }
}
