import type { ConversationMessage, ConversationResponse, MessagesResponse } from '#wire/hradlo/index.ts';
import { addEvent, emptyAnswer, type Answer } from './answer.ts';
import type { Conversation, Turn } from './conversation.ts';

type Asked = Extract<ConversationMessage, { role: 'user' }>;
type Answered = Extract<ConversationMessage, { role: 'assistant' }>;

const STATES = { open: 'streaming', ended: 'done', cancelled: 'stopped', failed: 'failed' } as const;

function toAnswer(model: string, kept: Answered): Answer {
  const told = kept.events.reduce(addEvent, emptyAnswer(model));
  const isSilent = kept.state === 'open' && kept.events.length === 0;
  return {
    ...told,
    id: kept.answerId ?? told.id,
    state: isSilent ? 'waiting' : STATES[kept.state],
    error: kept.error === null ? undefined : { ...kept.error, requestId: '' },
    rating: kept.rating ?? undefined,
  };
}

function toTurn({ turnId, content, createdAt, ...asked }: Asked, kept: Answered): Turn {
  return {
    id: turnId,
    question: content,
    askedAtMs: Date.parse(createdAt),
    scope: { model: asked.model, collections: asked.collections, asOf: asked.asOf ?? undefined },
    answer: toAnswer(asked.model, kept),
  };
}

/** A conversation of a list: its name, and no turns yet. */
export function toListed({ id, title, createdAt, updatedAt }: ConversationResponse): Conversation {
  return {
    id,
    title,
    createdAtMs: Date.parse(createdAt),
    updatedAtMs: Date.parse(updatedAt),
    turns: [],
    isWhole: false,
  };
}

/** A conversation with its turns as the server keeps them. */
export function toWhole({ conversation, messages }: MessagesResponse): Conversation {
  const answers = new Map(
    messages.flatMap((message) => (message.role === 'assistant' ? [[message.turnId, message] as const] : [])),
  );
  const turns = messages.flatMap((message) => {
    const kept = message.role === 'user' ? answers.get(message.turnId) : undefined;
    return message.role === 'user' && kept !== undefined ? [toTurn(message, kept)] : [];
  });
  return { ...toListed(conversation), turns, isWhole: true };
}

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_DIGITS = 26;

/** A new id as the server has them; it is made here, so that nothing waits for it. */
export function newId(prefix: 'cnv' | 'trn'): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_DIGITS));
  return `${prefix}_${Array.from(bytes, (byte) => DIGITS.charAt(byte & 31)).join('')}`;
}
