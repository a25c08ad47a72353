import type { AnswerEvent, AnswerInput, AnswerRequest } from '#core/index.ts';
import {
  ChatCompletionRequest,
  encodeChoices,
  encodeChunks,
  joinCompletions,
  toAnswerInputs,
  toCompletion,
  type Completion,
} from '#wire/openai/index.ts';
import { defineRoute, type Route } from '../route.ts';
import { sending, SERVER_SENT_EVENTS, type EventReply } from '../sse.ts';
import { atOnce } from './at-once.ts';

/** Header names are tokens, values are printable: engines are named so when they are registered. */
function ranOnHeader(ranOn: string | null): Readonly<Record<string, string>> {
  return ranOn === null ? {} : { 'x-hradlo-ran-on': ranOn };
}

/** Starts the answer to an input. */
type Answer = (input: AnswerInput, signal: AbortSignal) => AsyncIterable<AnswerEvent>;

/** All that was asked for. The first to fail ends the others. */
async function complete(
  inputs: readonly [AnswerInput, ...AnswerInput[]],
  answer: Answer,
  signal: AbortSignal,
): Promise<Completion> {
  const [first, ...others] = inputs;
  const stop = new AbortController();
  const within = AbortSignal.any([signal, stop.signal]);
  const all: [Promise<Completion>, ...Promise<Completion>[]] = [
    toCompletion(answer(first, within)),
    ...others.map((input) => toCompletion(answer(input, within))),
  ];
  try {
    return joinCompletions(await Promise.all(all));
  } catch (error) {
    stop.abort();
    await Promise.allSettled(all);
    throw error;
  }
}

/** How what was asked for is sent. */
function sendAll(
  inputs: readonly [AnswerInput, ...AnswerInput[]],
  answer: Answer,
  { signal, includeUsage }: { readonly signal: AbortSignal; readonly includeUsage: boolean },
): EventReply['send'] {
  if (inputs.length === 1) return sending(answer(inputs[0], signal), encodeChunks({ includeUsage }));
  const choices = atOnce(inputs.length, (index, within) => answer(inputs[index]!, within), signal);
  return sending(choices, encodeChoices({ count: inputs.length, includeUsage }));
}

/** POST /v1/chat/completions: asks, in OpenAI's dialect. */
export function chatCompletions(answerChat: (request: AnswerRequest) => AsyncIterable<AnswerEvent>): Route {
  return defineRoute({
    method: 'POST',
    path: '/v1/chat/completions',
    permission: 'ask',
    summary: 'Ask a question; model "hradlo" answers from documents with citations.',
    body: ChatCompletionRequest,
    async handle({ principal, body, signal }) {
      const inputs = toAnswerInputs(body);
      const answer: Answer = (input, within) =>
        answerChat({ ...input, principal, dialect: 'openai', signal: within });
      if (body.stream !== true) {
        const completion = await complete(inputs, answer, signal);
        return { kind: 'json', body: completion, headers: ranOnHeader(completion.hradlo.ran_on) };
      }
      const includeUsage = body.stream_options?.include_usage === true;
      return {
        kind: 'events',
        framing: SERVER_SENT_EVENTS,
        // The first chunk of a choice only says who speaks; what fails before there is more is a status.
        opening: inputs.length,
        done: '[DONE]',
        send: sendAll(inputs, answer, { signal, includeUsage }),
      };
    },
  });
}
