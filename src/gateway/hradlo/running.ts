import { z } from 'zod';
import { AppError, parseId } from '#core/index.ts';
import type { NumberedEvent, RunningAnswers, TurnName } from '#usecases/index.ts';
import { toAskEvent, TurnEventsQuery } from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';
import { sending, SERVER_SENT_EVENTS } from '../sse.ts';

export interface RunningDeps {
  readonly running: Pick<RunningAnswers, 'start' | 'follow' | 'stop'>;
}

const Params = z.object({ conversationId: z.string(), turnId: z.string() });

/** @throws {AppError} answer.not_found */
function toTurn(params: z.infer<typeof Params>): TurnName {
  const conversationId = parseId('conversation', params.conversationId);
  const turnId = parseId('turn', params.turnId);
  if (conversationId === undefined || turnId === undefined)
    throw new AppError('answer.not_found', 'No answer of yours is being made there.');
  return { conversationId, turnId };
}

/** An event of an answer with its number, as the page reads it. */
export const encodeNumbered = ({ at, event }: NumberedEvent): readonly string[] => [
  JSON.stringify({ ...toAskEvent(event), at }),
];

/** Answers that go on without a reader: reading on, and ending them. Only who asked finds one. */
export function runningRoutes({ running }: RunningDeps): Route[] {
  const path = '/hradlo/v1/conversations/:conversationId/turns/:turnId';
  return [
    defineRoute({
      method: 'GET',
      path: `${path}/events`,
      permission: 'ask',
      summary: 'Read on in an answer of yours that is being made, from behind the events that you have.',
      params: Params,
      query: TurnEventsQuery,
      async handle({ principal, params, query: { after }, signal }) {
        const events = running.follow(principal, toTurn(params), { after, signal });
        return { kind: 'events', framing: SERVER_SENT_EVENTS, send: sending(events, encodeNumbered) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/stop`,
      permission: 'ask',
      summary: 'End an answer of yours that is being made; what came so far is kept.',
      params: Params,
      async handle({ principal, params }) {
        running.stop(principal, toTurn(params));
        return { kind: 'json', status: 202, body: {} };
      },
    }),
  ];
}
