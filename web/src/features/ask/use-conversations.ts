import { useEffect, useSyncExternalStore } from 'react';
import { conversationStore } from './conversation-store.ts';
import type { Snapshot } from './shown-conversations.ts';
import { isAnswering, type Conversation } from './conversation.ts';

/** All conversations by id; renders anew at most once per frame. */
export function useConversations(): Snapshot {
  return useSyncExternalStore(conversationStore.subscribe, conversationStore.snapshot);
}

/** What a list says of a conversation. */
export type Listed = Pick<Conversation, 'id' | 'title' | 'updatedAtMs'> & { readonly isAnswering: boolean };

let rows: ReadonlyMap<string, Listed> = new Map();

function toRow(conversation: Conversation): Listed {
  const { id, title, updatedAtMs } = conversation;
  const known = rows.get(id);
  const next = { id, title, updatedAtMs, isAnswering: isAnswering(conversation) };
  const isSame =
    known?.title === title && known.updatedAtMs === updatedAtMs && known.isAnswering === next.isAnswering;
  return isSame ? known : next;
}

function listRows(): ReadonlyMap<string, Listed> {
  const { conversations } = conversationStore.snapshot();
  const next = new Map([...conversations].map(([id, conversation]) => [id, toRow(conversation)]));
  const isSame = next.size === rows.size && [...next].every(([id, row]) => rows.get(id) === row);
  if (!isSame) rows = next;
  return rows;
}

/** What lists show of all conversations; while an answer grows it stays the same. */
export function useListed(): ReadonlyMap<string, Listed> {
  return useSyncExternalStore(conversationStore.subscribe, listRows);
}

export function useListing(): Snapshot['listing'] {
  return useSyncExternalStore(conversationStore.subscribe, () => conversationStore.snapshot().listing);
}

/** Reads a conversation that is not here yet. */
export function useOpenConversation(id: string): void {
  const isWhole = useConversations().conversations.get(id)?.isWhole ?? false;
  useEffect(() => {
    if (!isWhole) void conversationStore.read(id);
  }, [id, isWhole]);
}
