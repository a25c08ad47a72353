import { z } from 'zod';
import { AppError, parseId, type AnswerId, type Principal } from '#core/index.ts';
import type { AnswerNote } from '#usecases/index.ts';
import { NotesQuery, NotesResponse, SettleNoteBody } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface NoteRouteDeps {
  listNotes(principal: Principal, filter: { isOpen: boolean }): Promise<readonly AnswerNote[]>;
  /** @throws AppError answer.not_found */
  settleNote(
    principal: Principal,
    note: { answerId: AnswerId; kind: string; isSettled: boolean },
  ): Promise<void>;
}

const iso = (timeMs: number) => new Date(timeMs).toISOString();

/** What askers handed on to those who keep the documents. */
export function noteRoutes(deps: NoteRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/answer-notes',
      permission: 'documents.write',
      summary: 'Questions without an answer and corrected answers that askers handed on, newest first.',
      query: NotesQuery,
      response: NotesResponse,
      async handle({ principal, query }) {
        const notes = await deps.listNotes(principal, { isOpen: query.state === 'open' });
        return {
          kind: 'json',
          body: {
            notes: notes.map(({ subject, createdAtMs, settledAtMs, ...note }) => ({
              ...note,
              askedBy: subject,
              createdAt: iso(createdAtMs),
              settledAt: settledAtMs === undefined ? null : iso(settledAtMs),
            })),
          },
        };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/answer-notes/:answerId/:kind',
      permission: 'documents.write',
      summary: 'Say that what an asker handed on was seen to, or that it was not.',
      params: z.object({ answerId: z.string(), kind: z.string() }),
      body: SettleNoteBody,
      async handle({ principal, params, body }) {
        const answerId = parseId('answer', params.answerId);
        if (answerId === undefined) throw new AppError('answer.not_found', 'There is no such note.');
        await deps.settleNote(principal, { answerId, kind: params.kind, isSettled: body.settled });
        return { kind: 'json', body: { answerId } };
      },
    }),
  ];
}
