import type { Clock } from '#contracts/index.ts';
import type { ConversationBook, TurnText } from '#conversation/index.ts';
import {
  AppError,
  isAppError,
  type AnswerEvent,
  type AnswerId,
  type AnswerRequest,
  type Json,
  type Principal,
  type TurnPlace,
} from '#core/index.ts';
import { joined } from './answer-log.ts';

export interface ConverseDeps {
  readonly book: Pick<ConversationBook, 'beginTurn' | 'endTurn'>;
  readonly clock: Clock;
  /** The name of a conversation, out of its first question. */
  titleOf(question: string): string;
  /** An event as whoever reads the conversation gets it. */
  encode(event: AnswerEvent): Json;
  /** An answer went out, but could not be kept. */
  onLost(error: unknown): void;
}

/** @throws AppError auth.forbidden for a key that is narrower than its owner: answers hold more than it may read. */
export function checkReachesConversations({ authentication }: Principal): void {
  if (authentication.kind === 'api-key' && authentication.scope?.collections !== undefined)
    throw new AppError('auth.forbidden', 'A key for some collections does not reach conversations.');
}

/** What a turn came to. */
class Transcript {
  readonly #events: AnswerEvent[] = [];
  // Until its last event arrives, an end means that the asker went away.
  state: 'ended' | 'cancelled' | 'failed' = 'cancelled';
  error: TurnText['error'] = null;
  answerId: AnswerId | undefined;

  add(event: AnswerEvent): void {
    if (event.type === 'answer-start') this.answerId = event.answerId;
    if (event.type === 'answer-end') this.state = event.finishReason === 'cancelled' ? 'cancelled' : 'ended';
    const whole = joined(this.#events.at(-1), event);
    if (whole === undefined) this.#events.push(event);
    else this.#events[this.#events.length - 1] = whole;
  }

  fail(error: unknown): void {
    this.state = 'failed';
    this.error = isAppError(error)
      ? { code: error.code, message: error.message }
      : { code: 'internal', message: '' };
  }

  toText(request: AnswerRequest, askedAtMs: number, encode: ConverseDeps['encode']): TurnText {
    const { model, messages, scope } = request;
    return {
      question: messages.at(-1)?.content ?? '',
      askedAtMs,
      model,
      ...(scope.collections && { collections: [...scope.collections] }),
      ...(scope.validAtMs !== undefined && { validAtMs: scope.validAtMs }),
      // Through JSON: what is kept is what was sent.
      events: this.#events.map((event) => JSON.parse(JSON.stringify(encode(event)))),
      error: this.error,
    };
  }
}

/**
 * Answers in a conversation: the question is kept before the first word goes out, and what came of it when it
 * ends, also when the asker hangs up. A question without a conversation is only answered.
 */
export function converse(
  deps: ConverseDeps,
  answer: (request: AnswerRequest) => AsyncIterable<AnswerEvent>,
  request: AnswerRequest,
): AsyncIterable<AnswerEvent> {
  const { conversation: place } = request;
  return place === undefined ? answer(request) : keepTurn(deps, answer, { ...request, conversation: place });
}

async function* keepTurn(
  deps: ConverseDeps,
  answer: (request: AnswerRequest) => AsyncIterable<AnswerEvent>,
  request: AnswerRequest & { readonly conversation: TurnPlace },
): AsyncGenerator<AnswerEvent> {
  const { principal, conversation: place } = request;
  checkReachesConversations(principal);
  const askedAtMs = deps.clock.nowMs();
  const transcript = new Transcript();
  const text = () => transcript.toText(request, askedAtMs, deps.encode);
  const title = deps.titleOf(text().question);
  const kept = deps.book.beginTurn(principal, place, { title, text: text() });
  // Whether it was kept is asked before the first event.
  kept.catch(() => undefined);
  try {
    for await (const event of answer(request)) {
      await kept;
      transcript.add(event);
      yield event;
    }
  } catch (error) {
    transcript.fail(error);
    throw error;
  } finally {
    const { state, answerId } = transcript;
    await kept
      .then(() => deps.book.endTurn(principal, place, { text: text(), state, answerId }))
      .catch(deps.onLost);
  }
}
