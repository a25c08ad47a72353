import { AskEvent } from '#wire/hradlo/index.ts';
import { send, toApiError } from '../../api/client.ts';
import { readEvents } from '../../api/events.ts';
import { textOf } from './answer.ts';
import type { Turn } from './conversation.ts';

/** A question with what was said before it, and its place in the conversation that the server keeps. */
interface Question {
  readonly before: readonly Turn[];
  readonly turn: Pick<Turn, 'question' | 'scope'>;
  readonly place: { readonly id: string; readonly turn: string; readonly replaces?: string };
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

/**
 * Asks, and yields the events of the answer. Events of a kind that this page does not know are left out.
 * @throws {ApiError} when the server refuses, before or in the middle of the answer.
 */
export async function* ask(
  { before, turn: { question, scope }, place }: Question,
  signal: AbortSignal,
): AsyncGenerator<AskEvent> {
  const body = {
    model: scope.model,
    messages: toMessages(before, question),
    scope: {
      ...(scope.collections.length > 0 && { collections: scope.collections }),
      ...(scope.asOf !== undefined && { as_of: scope.asOf }),
    },
    conversation: place,
  };
  const response = await send('/hradlo/v1/answers', { method: 'POST', body, signal });
  if (response.body === null) return;
  for await (const data of readEvents(response.body)) {
    const event = AskEvent.safeParse(data);
    if (event.success) yield event.data;
    else if (isProblem(data)) throw toApiError(data, data.status);
  }
}

function isProblem(data: unknown): data is { status: number } {
  return typeof data === 'object' && data !== null && 'code' in data && 'status' in data;
}
