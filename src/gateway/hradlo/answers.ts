import { z } from 'zod';
import {
  AppError,
  parseId,
  type AnswerEvent,
  type AnswerId,
  type AnswerRequest,
  type Principal,
  type TurnPlace,
} from '#core/index.ts';
import { AskRequest, FeedbackRequest, toAskEvents, toAskInput } from '#wire/hradlo/index.ts';
import { begun } from '../begun.ts';
import { defineRoute, type Route } from '../route.ts';

/** POST /hradlo/v1/answers: asks, and streams the answer with its citations as they are found. */
export function answers(answerChat: (request: AnswerRequest) => AsyncIterable<AnswerEvent>): Route {
  return defineRoute({
    method: 'POST',
    path: '/hradlo/v1/answers',
    permission: 'ask',
    summary: 'Ask a question; the answer comes as events, each citation as soon as it is found.',
    body: AskRequest,
    async handle({ principal, body, signal }) {
      const conversation = toTurnPlace(body);
      const asked = { ...toAskInput(body), principal, dialect: 'hradlo', signal } as const;
      const events = answerChat({ ...asked, ...(conversation && { conversation }) });
      return { kind: 'events', events: await begun(toAskEvents(events)), done: undefined };
    },
  });
}

/** @throws {AppError} input.invalid for what is not an id. */
function toTurnPlace({ conversation: place }: AskRequest): TurnPlace | undefined {
  if (place === undefined) return undefined;
  const conversationId = parseId('conversation', place.id);
  const turnId = parseId('turn', place.turn);
  const replaces = place.replaces === undefined ? undefined : parseId('turn', place.replaces);
  if (conversationId === undefined || turnId === undefined || (place.replaces ?? '') !== (replaces ?? ''))
    throw new AppError('input.invalid', 'Ids of a conversation are "cnv_", of turns "trn_" and 26 digits.', {
      details: { param: 'conversation' },
    });
  return { conversationId, turnId, ...(replaces && { replaces }) };
}

/** PUT /hradlo/v1/answers/{answerId}/feedback: what the asker thinks of their own answer. */
export function feedback(
  rateAnswer: (rating: {
    readonly principal: Principal;
    readonly answerId: AnswerId;
    readonly feedback: FeedbackRequest;
  }) => Promise<void>,
): Route {
  return defineRoute({
    method: 'PUT',
    path: '/hradlo/v1/answers/:answerId/feedback',
    permission: 'ask',
    summary: 'Rate your own answer; rating again replaces it.',
    params: z.object({ answerId: z.string() }),
    body: FeedbackRequest,
    async handle({ principal, params, body }) {
      const answerId = parseId('answer', params.answerId);
      if (answerId === undefined) throw new AppError('answer.not_found', 'There is no such answer.');
      await rateAnswer({ principal, answerId, feedback: body });
      return { kind: 'json', body: { answerId } };
    },
  });
}
