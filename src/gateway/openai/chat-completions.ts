import type { AnswerEvent, AnswerRequest } from '#core/index.ts';
import { ChatCompletionRequest, encodeChunks, toAnswerInput, toCompletion } from '#wire/openai/index.ts';
import { defineRoute, type Route } from '../route.ts';
import { sending, SERVER_SENT_EVENTS } from '../sse.ts';

/** The first chunk only says who speaks; what fails before the second is a status. */
const OPENING_CHUNKS = 1;

/** Header names are tokens, values are printable: engines are named so when they are registered. */
function ranOnHeader(ranOn: string | null): Readonly<Record<string, string>> {
  return ranOn === null ? {} : { 'x-hradlo-ran-on': ranOn };
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
      const events = answerChat({ ...toAnswerInput(body), principal, dialect: 'openai', signal });
      if (body.stream !== true) {
        const completion = await toCompletion(events);
        return { kind: 'json', body: completion, headers: ranOnHeader(completion.hradlo.ran_on) };
      }
      const includeUsage = body.stream_options?.include_usage === true;
      return {
        kind: 'events',
        framing: SERVER_SENT_EVENTS,
        opening: OPENING_CHUNKS,
        done: '[DONE]',
        send: sending(events, encodeChunks({ includeUsage })),
      };
    },
  });
}
