import type { Clock, Writer } from '#contracts/index.ts';
import type { Conversation, ConversationBook, ConversationStore } from '#conversation/index.ts';
import { AppError, type AuditEvent, type ConversationId, type Principal } from '#core/index.ts';
import { checkReachesConversations } from './converse.ts';

export interface ConversationDeps {
  readonly book: ConversationBook;
  readonly conversations: ConversationStore;
  readonly writer: Writer;
  readonly clock: Clock;
}

/** How long a deleted conversation can be brought back. */
export const RESTORABLE_MS = 24 * 60 * 60 * 1000;

/**
 * A person's own conversation; one that was deleted only for who means to bring it back.
 * @param sinceMs what was deleted after this is found too.
 * @throws AppError conversation.not_found when it is unknown or somebody else's, alike on purpose.
 */
export async function ownConversation(
  { book }: Pick<ConversationDeps, 'book'>,
  principal: Principal,
  id: ConversationId,
  sinceMs = Number.POSITIVE_INFINITY,
): Promise<Conversation> {
  checkReachesConversations(principal);
  const found = await book.find(principal, id);
  const isGone = found?.deletedAtMs !== undefined && found.deletedAtMs <= sinceMs;
  if (found === undefined || isGone)
    throw new AppError('conversation.not_found', 'There is no such conversation of yours.');
  return found;
}

/** Gives a conversation another name. @throws AppError conversation.not_found */
export async function renameConversation(
  deps: ConversationDeps,
  principal: Principal,
  { id, title }: { id: ConversationId; title: string },
): Promise<Conversation> {
  const conversation = await ownConversation(deps, principal, id);
  await deps.writer.write({ statements: [await deps.book.rename(principal, id, title)], audit: [] });
  return { ...conversation, title };
}

/** Takes a conversation away, or brings it back. @throws AppError conversation.not_found */
export async function deleteConversation(
  deps: ConversationDeps,
  principal: Principal,
  { id, isBack }: { id: ConversationId; isBack: boolean },
): Promise<Conversation> {
  const nowMs = deps.clock.nowMs();
  const conversation = await ownConversation(deps, principal, id, nowMs - RESTORABLE_MS);
  const deletedAtMs = isBack ? undefined : nowMs;
  const event: AuditEvent = {
    kind: isBack ? 'conversation.restored' : 'conversation.deleted',
    tenantId: principal.tenantId,
    actor: { issuer: principal.issuer, subject: principal.subject },
    atMs: nowMs,
    fields: { conversationId: id },
  };
  await deps.writer.write({ statements: [deps.conversations.markDeleted(id, deletedAtMs)], audit: [event] });
  return { ...conversation, deletedAtMs };
}
