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
import {
  AskRequest,
  EscalationRequest,
  FeedbackRequest,
  toAskEvent,
  toAskInput,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';
import { sending, SERVER_SENT_EVENTS } from '../sse.ts';
import { encodeNumbered, type RunningDeps } from './running.ts';

export interface AnswersDeps {
  answerChat(request: AnswerRequest): AsyncIterable<AnswerEvent>;
  readonly running: RunningDeps['running'];
}

/** POST /hradlo/v1/answers: asks, and streams the answer with its citations as they are found. */
export function answers({ answerChat, running }: AnswersDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/hradlo/v1/answers',
    permission: 'ask',
    summary: 'Ask a question; the answer comes as events, each citation as soon as it is found.',
    body: AskRequest,
    async handle({ principal, body, signal }) {
      const conversation = toTurnPlace(body);
      const asked = { ...toAskInput(body), principal, dialect: 'hradlo', signal } as const;
      if (conversation !== undefined && body.conversation?.goesOn === true) {
        const events = running.start({ ...asked, conversation }, answerChat);
        const send = sending(events, encodeNumbered);
        return { kind: 'events', framing: SERVER_SENT_EVENTS, opening: 0, send };
      }
      const events = answerChat({ ...asked, ...(conversation && { conversation }) });
      return {
        kind: 'events',
        framing: SERVER_SENT_EVENTS,
        opening: 0,
        send: sending(events, (event) => [JSON.stringify(toAskEvent(event))]),
      };
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

interface FeedbackDeps {
  /** @throws AppError answer.not_found */
  noteAnswer(
    principal: Principal,
    note: {
      readonly answerId: AnswerId;
      readonly kind: 'correction' | 'escalation';
      readonly text: string;
    },
  ): Promise<void>;
  /** @throws AppError answer.not_found */
  rateAnswer(rating: {
    readonly principal: Principal;
    readonly answerId: AnswerId;
    readonly feedback: Pick<FeedbackRequest, 'rating'> & { readonly reason?: string | undefined };
  }): Promise<void>;
}

/** @throws AppError answer.not_found */
function toAnswerId(text: string): AnswerId {
  const answerId = parseId('answer', text);
  if (answerId === undefined) throw new AppError('answer.not_found', 'There is no such answer.');
  return answerId;
}

/** PUT /hradlo/v1/answers/{answerId}/feedback: what the asker thinks of their own answer. */
export function feedback({ rateAnswer, noteAnswer }: FeedbackDeps): Route {
  return defineRoute({
    method: 'PUT',
    path: '/hradlo/v1/answers/:answerId/feedback',
    permission: 'ask',
    summary: 'Rate your own answer; rating again replaces it.',
    params: z.object({ answerId: z.string() }),
    body: FeedbackRequest,
    async handle({ principal, params, body }) {
      const answerId = toAnswerId(params.answerId);
      const { rating } = body;
      const { reason, correction } = body.rating === 'down' ? body : {};
      await rateAnswer({ principal, answerId, feedback: { rating, ...(reason && { reason }) } });
      if (correction !== undefined)
        await noteAnswer(principal, { answerId, kind: 'correction', text: correction });
      return { kind: 'json', body: { answerId } };
    },
  });
}

/** PUT /hradlo/v1/answers/{answerId}/escalation: hands a question on to those who keep the documents. */
export function escalation({ noteAnswer }: Pick<FeedbackDeps, 'noteAnswer'>): Route {
  return defineRoute({
    method: 'PUT',
    path: '/hradlo/v1/answers/:answerId/escalation',
    permission: 'ask',
    summary: 'Hand the question of an answer of yours on to those who keep the documents.',
    params: z.object({ answerId: z.string() }),
    body: EscalationRequest,
    async handle({ principal, params, body }) {
      const answerId = toAnswerId(params.answerId);
      await noteAnswer(principal, { answerId, kind: 'escalation', text: body.text });
      return { kind: 'json', body: { answerId } };
    },
  });
}
