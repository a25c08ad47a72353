import { z } from 'zod';
import { AskEvent } from './ask.ts';

const MAX_TITLE = 200;
const TITLE_CHARACTERS = 60;

/** A conversation's name, taken from its first question, cut at a word. */
export function titleOf(question: string): string {
  const line = question.trim().replaceAll(/\s+/g, ' ');
  if (line.length <= TITLE_CHARACTERS) return line;
  const cut = line.slice(0, TITLE_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_CHARACTERS / 2)).trimEnd()}…`;
}

export const ConversationResponse = z.object({
  id: z.string(),
  title: z.string(),
  /** How many questions are in it. */
  turnCount: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** Until when a deleted one can be brought back. */
  restorableUntil: z.string().nullable(),
});
export type ConversationResponse = z.infer<typeof ConversationResponse>;

export const ConversationsQuery = z.object({
  query: z.string().max(500).optional().describe('Words that name, questions or answers must hold.'),
  after: z.string().max(100).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

export const ConversationsResponse = z.object({
  conversations: z.array(ConversationResponse),
  /** Where the next page begins; null on the last one. */
  next: z.string().nullable(),
});

const UserMessage = z.object({
  role: z.literal('user'),
  turnId: z.string(),
  content: z.string(),
  createdAt: z.string(),
  model: z.string(),
  /** Names of collections; empty is everywhere. */
  collections: z.array(z.string()),
  /** The day whose versions counted; null is the day it was asked. */
  asOf: z.string().nullable(),
});

const AssistantMessage = z.object({
  role: z.literal('assistant'),
  turnId: z.string(),
  content: z.string(),
  state: z.enum(['open', 'ended', 'cancelled', 'failed']),
  answerId: z.string().nullable(),
  /** The answer as it came, text of one kind in one event. */
  events: z.array(AskEvent),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  rating: z.enum(['up', 'down']).nullable(),
});
export type ConversationMessage = z.infer<typeof UserMessage> | z.infer<typeof AssistantMessage>;

/** Each question is followed by its answer. */
export const MessagesResponse = z.object({
  conversation: ConversationResponse,
  messages: z.array(z.discriminatedUnion('role', [UserMessage, AssistantMessage])),
});
export type MessagesResponse = z.infer<typeof MessagesResponse>;

export const RenameConversationBody = z.strictObject({ title: z.string().trim().min(1).max(MAX_TITLE) });

export const ExportQuery = z.object({
  format: z.enum(['markdown', 'json']).default('markdown'),
  language: z.enum(['cs', 'en']).default('cs').describe('Of the words around the texts.'),
});
