import type { AnswerEvent, AnswerRequest } from '#core/index.ts';
import { ChatCompletionRequest, toAnswerInput, toChunks, toCompletion } from '#wire/openai/index.ts';
import { begun } from '../begun.ts';
import { defineRoute, type Route } from '../route.ts';

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
      if (body.stream !== true) return { kind: 'json', body: await toCompletion(events) };
      const includeUsage = body.stream_options?.include_usage === true;
      return { kind: 'events', events: await begun(toChunks(events, { includeUsage })), done: '[DONE]' };
    },
  });
}
