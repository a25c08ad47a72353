import { AskEvent, EventNumber } from '#wire/hradlo/index.ts';
import { send, toApiError } from '../../api/client.ts';
import { readEvents } from '../../api/events.ts';
import { textOf } from './answer.ts';
import type { Turn } from './conversation.ts';

/** Where an answer belongs: ids of a conversation and of a turn in it. */
export interface AnswerPlace {
  readonly id: string;
  readonly turn: string;
}

/** A question with what was said before it, and its place in the conversation that the server keeps. */
interface Question {
  readonly before: readonly Turn[];
  readonly turn: Pick<Turn, 'question' | 'scope'>;
  readonly place: AnswerPlace & { readonly replaces?: string };
}

/** An event, and the number to read on from behind it; undefined when the server gives none. */
export interface StreamedEvent {
  readonly event: AskEvent;
  readonly at: number | undefined;
}

/** Turns as the messages of a request; an answer that has no text says nothing. */
function toMessages(before: readonly Turn[], question: string) {
  return [
    ...before.flatMap((turn) => {
      const text = textOf(turn.answer);
      if (text === '') return [];
      return [
        { role: 'user', content: turn.question },
        { role: 'assistant', content: text },
      ];
    }),
    { role: 'user', content: question },
  ];
}

const placePath = ({ id, turn }: AnswerPlace) => `/hradlo/v1/conversations/${id}/turns/${turn}`;

/**
 * Asks, and yields the events of the answer; it goes on at the server when this page does not.
 * @throws {ApiError} when the server refuses, before or in the middle of the answer.
 */
export async function* ask(
  { before, turn: { question, scope }, place }: Question,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  const body = {
    model: scope.model,
    messages: toMessages(before, question),
    scope: {
      ...(scope.collections.length > 0 && { collections: scope.collections }),
      ...(scope.asOf !== undefined && { as_of: scope.asOf }),
    },
    conversation: { ...place, goesOn: true },
  };
  yield* eventsOf(await send('/hradlo/v1/answers', { method: 'POST', body, signal }));
}

/**
 * Reads on in an answer that is being made, from behind event number `after`.
 * @throws {ApiError} `answer.not_found` when it is not being made any more.
 */
export async function* readOn(
  place: AnswerPlace,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  yield* eventsOf(await send(`${placePath(place)}/events?after=${after}`, { signal }));
}

/** Ends an answer that is being made. @throws {ApiError} `answer.not_found` when it is not. */
export async function endAnswer(place: AnswerPlace): Promise<void> {
  await send(`${placePath(place)}/stop`, { method: 'POST' });
}

/** Events of a kind that this page does not know are left out. */
async function* eventsOf({ body }: Response): AsyncGenerator<StreamedEvent> {
  if (body === null) return;
  for await (const data of readEvents(body)) {
    const event = AskEvent.safeParse(data);
    if (event.success) yield { event: event.data, at: EventNumber.safeParse(data).data?.at };
    else if (isProblem(data)) throw toApiError(data, data.status);
  }
}

function isProblem(data: unknown): data is { status: number } {
  return typeof data === 'object' && data !== null && 'code' in data && 'status' in data;
}
