import { ConversationResponse, ConversationsResponse, MessagesResponse } from '#wire/hradlo/index.ts';
import { send, sendJson } from './client.ts';

const ALL = '/hradlo/v1/conversations';
const PAGE_SIZE = 200;

/** One page of this person's conversations, newest first. @throws {ApiError} */
export function listConversations(after: string | null) {
  const place = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  return sendJson(ConversationsResponse, `${ALL}?limit=${PAGE_SIZE}${place}`);
}

/** Conversations whose names or texts hold all these words. @throws {ApiError} */
export async function findConversations(
  query: string,
  signal: AbortSignal,
): Promise<readonly ConversationResponse[]> {
  const path = `${ALL}?query=${encodeURIComponent(query)}`;
  return (await sendJson(ConversationsResponse, path, { signal })).conversations;
}

/** Questions and answers of a conversation. @throws {ApiError} */
export function readMessages(id: string): Promise<MessagesResponse> {
  return sendJson(MessagesResponse, `${ALL}/${id}/messages`);
}

export const renameConversation = (id: string, title: string) =>
  sendJson(ConversationResponse, `${ALL}/${id}`, { method: 'PATCH', body: { title } });
export const deleteConversation = (id: string) =>
  sendJson(ConversationResponse, `${ALL}/${id}`, { method: 'DELETE' });
export const restoreConversation = (id: string) =>
  sendJson(ConversationResponse, `${ALL}/${id}/restore`, { method: 'POST' });

/** A conversation as a Markdown file. @throws {ApiError} */
export async function exportConversation(id: string, language: string): Promise<string> {
  return (await send(`${ALL}/${id}/export?language=${language}`)).text();
}
