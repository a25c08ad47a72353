import type { ChatModel } from '#contracts/index.ts';
import { isAppError, type ChatDelta, type ChatRequest } from '#core/index.ts';

/** Failures after which another model may answer: the model is away, not the request wrong. */
function isPassing(error: unknown): boolean {
  return (
    isAppError(error, 'engine.unavailable') ||
    isAppError(error, 'engine.overloaded') ||
    isAppError(error, 'engine.crashed') ||
    isAppError(error, 'model.not_found')
  );
}

/**
 * Asks the models in their order until one begins to answer. Once a delta is out nobody else is asked: half of one
 * answer and half of another is none. The last delta says which of them it was.
 */
export class FallbackChatModel implements ChatModel {
  readonly name: string;
  readonly mode = 'generated';
  readonly contextTokens: number | undefined;
  readonly location: string;
  readonly #models: readonly [ChatModel, ...ChatModel[]];

  constructor(name: string, models: readonly [ChatModel, ...ChatModel[]]) {
    this.name = name;
    this.#models = models;
    this.location = models[0].location;
    const limits = models.flatMap((model) => model.contextTokens ?? []);
    this.contextTokens = limits.length === 0 ? undefined : Math.min(...limits);
  }

  countTokens(text: string): number {
    return this.#models[0].countTokens(text);
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta> {
    for (const [index, model] of this.#models.entries()) {
      const isLast = index === this.#models.length - 1;
      let hasBegun = false;
      try {
        for await (const delta of model.stream(request, signal)) {
          hasBegun = true;
          yield delta.type === 'finish' ? { ranOn: model.location, ...delta } : delta;
        }
        return;
      } catch (error) {
        if (hasBegun || isLast || signal.aborted || !isPassing(error)) throw error;
      }
    }
  }
}
