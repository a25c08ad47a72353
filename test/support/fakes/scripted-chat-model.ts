import type { ChatModel, Place } from '#contracts/index.ts';
import type { AnswerMode, ChatDelta, ChatRequest, FinishReason } from '#core/index.ts';

/** A model that says what the test wrote for it, word by word, and remembers what it was asked. */
export class ScriptedChatModel implements ChatModel {
  readonly name = 'scripted';
  readonly mode: AnswerMode = 'generated';
  readonly contextTokens = 4096;
  readonly location = 'test';
  readonly requests: ChatRequest[] = [];
  /** The places that came with the requests. */
  readonly places: (Place | undefined)[] = [];
  readonly #script: readonly string[];
  readonly #failure: Error | undefined;

  /** @param failure thrown after the script instead of the finish. */
  constructor(script: readonly string[], failure?: Error) {
    this.#script = script;
    this.#failure = failure;
  }

  countTokens(text: string): number {
    return text === '' ? 0 : text.split(/\s+/).length;
  }

  async *stream(request: ChatRequest, signal: AbortSignal, place?: Place): AsyncGenerator<ChatDelta> {
    this.requests.push(request);
    this.places.push(place);
    let outputTokens = 0;
    let reason: FinishReason = 'stop';
    for (const text of this.#script) {
      if (signal.aborted) {
        reason = 'cancelled';
        break;
      }
      outputTokens += this.countTokens(text);
      yield { type: 'text-delta', text };
    }
    if (signal.aborted) reason = 'cancelled';
    if (this.#failure !== undefined) throw this.#failure;
    const inputTokens = request.messages.reduce((sum, { content }) => sum + this.countTokens(content), 0);
    yield { type: 'finish', reason, usage: { inputTokens, outputTokens, cachedInputTokens: 0 } };
  }
}
