import type { AnswerEvent, AnswerRequest, Json } from '#core/index.ts';
import { conversationRoutes, type Route } from '#gateway/index.ts';
import {
  checkReachesConversations,
  converse,
  deleteConversation,
  ownConversation,
  renameConversation,
  RESTORABLE_MS,
  type ConversationDeps,
} from '#usecases/index.ts';
import { titleOf, toAskEvent } from '#wire/hradlo/index.ts';
import type { Parts } from './compose.ts';

/** Makes what answers keep the conversations that its askers name. */
export function conversing(
  parts: Parts,
  answer: (request: AnswerRequest) => AsyncIterable<AnswerEvent>,
): (request: AnswerRequest) => AsyncIterable<AnswerEvent> {
  const deps = {
    book: parts.book,
    clock: parts.clock,
    titleOf,
    encode: (event: AnswerEvent): Json => toAskEvent(event),
    onLost: (error: unknown) => parts.logger.warn({ error }, 'conversation.turn_lost'),
  };
  return (request) => converse(deps, answer, request);
}

/** Wires people's own conversations. */
export function ownConversationRoutes(parts: Parts): Route[] {
  const deps: ConversationDeps = parts;
  return conversationRoutes({
    async listConversations(principal, { query, ...page }) {
      checkReachesConversations(principal);
      return query === undefined
        ? parts.book.list(principal, page)
        : parts.book.search(principal, query, page.limit);
    },
    async readConversation(principal, id) {
      const conversation = await ownConversation(deps, principal, id);
      return { conversation, turns: await parts.book.listTurns(id) };
    },
    renameConversation: (principal, change) => renameConversation(deps, principal, change),
    deleteConversation: (principal, change) => deleteConversation(deps, principal, change),
    restorableMs: RESTORABLE_MS,
  });
}
