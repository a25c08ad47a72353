import type { AnswerMode, ChatDelta, ChatRequest, TenantId } from '#core/index.ts';

/** A place among the answers that a model makes and those that wait for it; disposing of it gives it back. */
export type Place = Disposable;

/**
 * Something that answers: the extractive answerer, an embedded model, an engine elsewhere.
 * `stream` yields deltas and ends with exactly one `finish`, also when `signal` aborts (reason `cancelled`).
 * It throws AppError `engine.*` or `model.*` when it cannot go on; nothing is yielded after a throw.
 */
export interface ChatModel {
  readonly name: string;
  readonly mode: AnswerMode;
  /** Most tokens of input and output together; undefined when the model has no such limit. */
  readonly contextTokens: number | undefined;
  /** Where it runs, for people: `here`, or the name of an engine. */
  readonly location: string;
  /**
   * Takes a place for one answer before anything is begun, where the model keeps count of its places. Who takes one
   * gives it back, used or not. @throws {AppError} engine.overloaded
   */
  takePlace?(tenantId: TenantId): Place;
  /** @param place taken of this model before; without one the model looks for a place itself. */
  stream(request: ChatRequest, signal: AbortSignal, place?: Place): AsyncIterable<ChatDelta>;
  /** Tokens of a text as this model counts them; an estimate where the tokenizer is not at hand. */
  countTokens(text: string): number;
}
