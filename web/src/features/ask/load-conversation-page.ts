/** The page of a conversation, as a part of its own: the first page is smaller without it. */
export async function loadConversationPage() {
  return { default: (await import('./conversation-page.tsx')).ConversationPage };
}
