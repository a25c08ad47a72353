import type { AnswerEvent, AnswerRequest } from '#core/index.ts';
import { answers, feedback, type Route } from '#gateway/index.ts';
import { createRateAnswer } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

/** What the page asks with: answers as events, and what people think of them. */
export function askingRoutes(
  parts: Parts,
  answerChat: (request: AnswerRequest) => AsyncIterable<AnswerEvent>,
): Route[] {
  return [answers(answerChat), feedback(createRateAnswer(parts))];
}
