import { z } from 'zod';
import type { Conversation, Turn } from '#usecases/index.ts';
import { AppError, parseId, type ConversationId, type Principal } from '#core/index.ts';
import {
  AskEvent,
  conversationMarkdown,
  ConversationResponse,
  ConversationsQuery,
  ConversationsResponse,
  ExportQuery,
  MessagesResponse,
  RenameConversationBody,
  type ConversationMessage,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

/** A conversation's place in the list, newest first. */
interface Place {
  readonly updatedAtMs: number;
  readonly id: ConversationId;
}

/** Each finds only what is the principal's own. @throws AppError conversation.not_found */
export interface ConversationRouteDeps {
  listConversations(
    principal: Principal,
    page: { query: string | undefined; after: Place | undefined; limit: number },
  ): Promise<readonly Conversation[]>;
  readConversation(
    principal: Principal,
    id: ConversationId,
  ): Promise<{ conversation: Conversation; turns: readonly Turn[] }>;
  renameConversation(
    principal: Principal,
    change: { id: ConversationId; title: string },
  ): Promise<Conversation>;
  deleteConversation(
    principal: Principal,
    change: { id: ConversationId; isBack: boolean },
  ): Promise<Conversation>;
  readonly restorableMs: number;
}

const Params = z.object({ conversationId: z.string() });
const iso = (timeMs: number) => new Date(timeMs).toISOString();

function toId(text: string): ConversationId {
  const id = parseId('conversation', text);
  if (id === undefined)
    throw new AppError('conversation.not_found', 'There is no such conversation of yours.');
  return id;
}

function toPlace(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined;
  const [time = '', id = ''] = text.split('.');
  const parsed = parseId('conversation', id);
  if (parsed === undefined || !/^\d{1,15}$/.test(time))
    throw new AppError('input.invalid', '"after" is what "next" said.', { details: { param: 'after' } });
  return { updatedAtMs: Number(time), id: parsed };
}

/** The conversation as it is sent. */
function toResponse(conversation: Conversation, restorableMs: number): ConversationResponse {
  const { id, title, turnCount, createdAtMs, updatedAtMs, deletedAtMs } = conversation;
  return {
    id,
    title,
    turnCount,
    createdAt: iso(createdAtMs),
    updatedAt: iso(updatedAtMs),
    restorableUntil: deletedAtMs === undefined ? null : iso(deletedAtMs + restorableMs),
  };
}

function toMessages(turn: Turn): ConversationMessage[] {
  // An event of a shape that this version does not know any more is left out.
  const events = turn.events.flatMap((event) => {
    const parsed = AskEvent.safeParse(event);
    return parsed.success ? [parsed.data] : [];
  });
  const content = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  const rating = turn.feedback?.split(':')[0];
  return [
    {
      role: 'user',
      turnId: turn.id,
      content: turn.question,
      createdAt: iso(turn.askedAtMs),
      model: turn.model,
      collections: turn.collections ?? [],
      asOf: turn.validAtMs === undefined ? null : iso(turn.validAtMs).slice(0, 'YYYY-MM-DD'.length),
    },
    {
      role: 'assistant',
      turnId: turn.id,
      content: content.trim(),
      state: turn.state,
      answerId: turn.answerId ?? null,
      events,
      error: turn.error && { code: turn.error.code, detail: turn.error.message },
      rating: rating === 'up' || rating === 'down' ? rating : null,
    },
  ];
}

/** People's own conversations: only their owner finds them. */
export function conversationRoutes(deps: ConversationRouteDeps): Route[] {
  const toSent = (conversation: Conversation) => toResponse(conversation, deps.restorableMs);
  const read = async (principal: Principal, text: string): Promise<MessagesResponse> => {
    const { conversation, turns } = await deps.readConversation(principal, toId(text));
    return { conversation: toSent(conversation), messages: turns.flatMap(toMessages) };
  };
  return [listRoute(deps), ...readRoutes(read), ...changeRoutes(deps, toSent)];
}

function listRoute(deps: ConversationRouteDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/hradlo/v1/conversations',
    permission: 'ask',
    summary: 'Your conversations, newest first; with words, those that hold all of them.',
    query: ConversationsQuery,
    response: ConversationsResponse,
    async handle({ principal, query: { query, after, limit } }) {
      const page = { query: query?.trim() === '' ? undefined : query, after: toPlace(after), limit };
      const found = await deps.listConversations(principal, page);
      const last = found.at(-1);
      // What was searched is one page.
      const isMore = page.query === undefined && found.length === limit && last !== undefined;
      return {
        kind: 'json',
        body: {
          conversations: found.map((conversation) => toResponse(conversation, deps.restorableMs)),
          next: isMore ? `${last.updatedAtMs}.${last.id}` : null,
        },
      };
    },
  });
}

function readRoutes(read: (principal: Principal, id: string) => Promise<MessagesResponse>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/conversations/:conversationId/messages',
      permission: 'ask',
      summary: 'Questions and answers of a conversation of yours, with their citations.',
      params: Params,
      response: MessagesResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: await read(principal, params.conversationId),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/conversations/:conversationId/export',
      permission: 'ask',
      summary: 'A conversation of yours as a file: Markdown with its sources, or JSON.',
      params: Params,
      query: ExportQuery,
      async handle({ principal, params, query: { format, language } }) {
        const whole = await read(principal, params.conversationId);
        const isJson = format === 'json';
        return {
          kind: 'bytes',
          bytes: isJson ? JSON.stringify(whole, null, 2) : conversationMarkdown(whole, language),
          contentType: isJson ? 'application/json' : 'text/markdown; charset=utf-8',
          headers: {
            'content-disposition': `attachment; filename="${whole.conversation.id}.${isJson ? 'json' : 'md'}"`,
          },
        };
      },
    }),
  ];
}

function changeRoutes(
  deps: ConversationRouteDeps,
  toSent: (conversation: Conversation) => ConversationResponse,
): Route[] {
  const one = {
    permission: 'ask',
    params: Params,
    response: ConversationResponse,
  } as const;
  return [
    defineRoute({
      ...one,
      method: 'PATCH',
      path: '/hradlo/v1/conversations/:conversationId',
      summary: 'Give a conversation of yours another name.',
      body: RenameConversationBody,
      async handle({ principal, params, body }) {
        const change = { id: toId(params.conversationId), title: body.title };
        return { kind: 'json', body: toSent(await deps.renameConversation(principal, change)) };
      },
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      path: '/hradlo/v1/conversations/:conversationId',
      summary: 'Delete a conversation of yours; it can be brought back for a day.',
      async handle({ principal, params }) {
        const change = { id: toId(params.conversationId), isBack: false };
        return { kind: 'json', body: toSent(await deps.deleteConversation(principal, change)) };
      },
    }),
    defineRoute({
      ...one,
      method: 'POST',
      path: '/hradlo/v1/conversations/:conversationId/restore',
      summary: 'Bring a conversation of yours back that was deleted.',
      async handle({ principal, params }) {
        const change = { id: toId(params.conversationId), isBack: true };
        return { kind: 'json', body: toSent(await deps.deleteConversation(principal, change)) };
      },
    }),
  ];
}
