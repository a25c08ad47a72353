import type { Principal } from '#core/index.ts';
import type { Limits } from '#usage/index.ts';

/** What a text counts as where no model reads it. */
const CHARACTERS_PER_TOKEN = 3;

/**
 * Does what takes the machine's time without a model, as one request with the tokens of its text: a search whose
 * evidence the caller makes an answer of is not free where answers are limited. It has no price.
 * @throws {AppError} limit.exceeded.
 */
export async function withinLimits<Result>(
  { limits }: { readonly limits: Limits },
  principal: Principal,
  text: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const spent = { tokens: Math.ceil(text.length / CHARACTERS_PER_TOKEN), costMicro: 0 };
  const reservation = await limits.reserve(principal, spent);
  try {
    return await work();
  } finally {
    await reservation.settle(spent);
  }
}
