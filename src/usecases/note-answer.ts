import type { Clock, Writer } from '#contracts/index.ts';
import type { AnswerStore, CertificateStore, ContentVault, NoteStore } from '#conversation/index.ts';
import { NOTE_KINDS, type NoteKind } from '#conversation/index.ts';
import { AppError, principalKey, type AnswerId, type Principal } from '#core/index.ts';
import { checkReachesConversations } from './conversations/converse.ts';
import { decodeQuestion } from './prompt-record.ts';

export interface NoteDeps {
  readonly writer: Writer;
  readonly answers: AnswerStore;
  readonly certificates: Pick<CertificateStore, 'find'>;
  readonly notes: NoteStore;
  readonly vault: ContentVault;
  readonly clock: Clock;
}

/** A note as those who keep the documents read it. */
export interface AnswerNote {
  readonly answerId: AnswerId;
  readonly kind: NoteKind;
  readonly question: string;
  /** The right answer, or what the asker added to the question. */
  readonly text: string;
  readonly subject: string;
  readonly createdAtMs: number;
  readonly settledAtMs: number | undefined;
}

const EVENTS = { correction: 'answer.corrected', escalation: 'answer.escalated' } as const;
const placeOf = (answerId: AnswerId, kind: NoteKind) => `${answerId}/${kind}`;

async function questionOf({ certificates, vault }: NoteDeps, principal: Principal, id: AnswerId) {
  const answer = await certificates.find(principal.tenantId, id);
  if (answer === undefined) return '';
  const kept = await vault.read(answer, id, { kind: 'question', createdAtMs: answer.createdAtMs });
  return kept.state === 'kept' ? (decodeQuestion(kept.text).messages.at(-1)?.content ?? '') : '';
}

/**
 * Hands an answer of one's own on to those who keep the documents, with its question: what would have been right, or
 * that there was none. Doing it again replaces the text. @throws AppError answer.not_found
 */
export async function noteAnswer(
  deps: NoteDeps,
  principal: Principal,
  note: { readonly answerId: AnswerId; readonly kind: NoteKind; readonly text: string },
): Promise<void> {
  const { answerId, kind, text } = note;
  checkReachesConversations(principal);
  if (!(await deps.answers.isOwn(answerId, principal)))
    throw new AppError('answer.not_found', 'There is no such answer of yours.');
  const nowMs = deps.clock.nowMs();
  const said = JSON.stringify([await questionOf(deps, principal, answerId), text]);
  const sealed = await deps.vault.seal(principal, said, placeOf(answerId, kind));
  await deps.writer.write({
    statements: [
      deps.notes.save(principal.tenantId, { answerId, kind, ...sealed, createdAtMs: nowMs }),
      ...(kind === 'escalation' ? [deps.answers.escalateAnswer(answerId, nowMs)] : []),
    ],
    audit: [
      {
        kind: EVENTS[kind],
        tenantId: principal.tenantId,
        actor: { issuer: principal.issuer, subject: principal.subject },
        atMs: nowMs,
        fields: { answerId },
      },
    ],
  });
}

function toTexts(json: string): [string, string] {
  const value: unknown = JSON.parse(json);
  const [question, text] = Array.isArray(value) ? value : [];
  return [String(question ?? ''), String(text ?? '')];
}

/** What askers handed on, newest first; what was erased meanwhile is left out. */
export async function listNotes(
  { notes, vault }: Pick<NoteDeps, 'notes' | 'vault'>,
  principal: Principal,
  filter: { readonly isOpen: boolean },
): Promise<AnswerNote[]> {
  checkReachesConversations(principal);
  const rows = await notes.list(principal.tenantId, filter);
  const opened = await Promise.all(
    rows.map(async ({ keyId, sealed, ...row }): Promise<AnswerNote | undefined> => {
      const json = await vault.unseal(keyId, sealed, placeOf(row.answerId, row.kind));
      if (json === undefined) return undefined;
      const [question, text] = toTexts(json);
      return { ...row, question, text };
    }),
  );
  return opened.filter((note) => note !== undefined);
}

/** Says that a note was seen to, or that it was not. @throws AppError answer.not_found */
export async function settleNote(
  deps: Pick<NoteDeps, 'notes' | 'writer' | 'clock'>,
  principal: Principal,
  note: { readonly answerId: AnswerId; readonly kind: string; readonly isSettled: boolean },
): Promise<void> {
  checkReachesConversations(principal);
  const kind = NOTE_KINDS.find((known) => known === note.kind);
  const { answerId, isSettled } = note;
  const nowMs = deps.clock.nowMs();
  const settled = isSettled ? { atMs: nowMs, by: principalKey(principal) } : undefined;
  const { changes } = await deps.writer.write({
    statements:
      kind === undefined ? [] : [deps.notes.settle(principal.tenantId, { answerId, kind }, settled)],
    audit:
      kind === undefined
        ? []
        : [
            {
              kind: 'answer.note_settled',
              tenantId: principal.tenantId,
              actor: { issuer: principal.issuer, subject: principal.subject },
              atMs: nowMs,
              fields: { answerId, note: kind, isSettled },
            },
          ],
  });
  if ((changes[0] ?? 0) === 0) throw new AppError('answer.not_found', 'There is no such note.');
}
