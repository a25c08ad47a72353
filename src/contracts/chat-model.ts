import type { AnswerMode, ChatDelta, ChatRequest, TenantId } from '#core/index.ts';

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
   * Says before anything is begun that a caller's request would be refused for lack of room, where that is known; a model
   * that does not know says nothing. @throws {AppError} engine.overloaded
   */
  checkRoom?(tenantId: TenantId): void;
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatDelta>;
  /** Tokens of a text as this model counts them; an estimate where the tokenizer is not at hand. */
  countTokens(text: string): number;
}
