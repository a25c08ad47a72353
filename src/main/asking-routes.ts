import type { AnswerEvent, AnswerRequest, Principal } from '#core/index.ts';
import {
  answers,
  escalation,
  feedback,
  noteRoutes,
  runningRoutes,
  type Route,
  type RunningDeps,
} from '#gateway/index.ts';
import { createRateAnswer, listNotes, noteAnswer, settleNote } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

/** What the page asks with: answers as events, what people think of them, and what they hand on. */
export function askingRoutes(
  parts: Parts,
  asking: {
    answerChat(request: AnswerRequest): AsyncIterable<AnswerEvent>;
    readonly running: RunningDeps['running'];
  },
): Route[] {
  const deps = {
    rateAnswer: createRateAnswer(parts),
    noteAnswer: (principal: Principal, note: Parameters<typeof noteAnswer>[2]) =>
      noteAnswer(parts, principal, note),
  };
  return [
    answers(asking),
    ...runningRoutes(asking),
    feedback(deps),
    escalation(deps),
    ...noteRoutes({
      listNotes: (principal, filter) => listNotes(parts, principal, filter),
      settleNote: (principal, note) => settleNote(parts, principal, note),
    }),
  ];
}
