import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type AnswerId, type ContentId, type DocumentId, type TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { ConversationSchema } from './answer-store.ts';
import type { ContentSchema } from './content-store.ts';

/** What an asker hands on: the right answer, or a question that found none. */
export const NOTE_KINDS = ['correction', 'escalation'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

export interface NoteRow {
  readonly answerId: AnswerId;
  readonly kind: NoteKind;
  readonly keyId: ContentId;
  readonly sealed: Uint8Array;
  /** Who asked. */
  readonly subject: string;
  readonly createdAtMs: number;
  readonly settledAtMs: number | undefined;
}

const MOST = 500;

function expectKind(text: string): NoteKind {
  const kind = NOTE_KINDS.find((known) => known === text);
  if (kind === undefined) throw new TypeError('not the kind of a note');
  return kind;
}

/** The table of notes on answers. */
export class NoteStore {
  readonly #db: Kysely<ContentSchema & ConversationSchema>;
  constructor(db: Kysely<ContentSchema & ConversationSchema>) {
    this.#db = db;
  }

  /** Notes of a tenant, newest first; only those that nobody settled, if asked so. */
  async list(tenantId: TenantId, { isOpen }: { isOpen: boolean }): Promise<NoteRow[]> {
    let query = this.#db
      .selectFrom('answer_note')
      .innerJoin('answer', 'answer.id', 'answer_note.answer_id')
      .selectAll('answer_note')
      .select('answer.subject')
      .where('answer_note.tenant_id', '=', tenantId);
    if (isOpen) query = query.where('settled_at_ms', 'is', null);
    const rows = await query.orderBy('answer_note.created_at_ms', 'desc').limit(MOST).execute();
    return rows.map((row) => ({
      answerId: expectId('answer', row.answer_id),
      kind: expectKind(row.kind),
      keyId: expectId('content', row.key_id),
      sealed: row.sealed,
      subject: row.subject,
      createdAtMs: row.created_at_ms,
      settledAtMs: row.settled_at_ms ?? undefined,
    }));
  }

  /** A later note of the kind takes the place of an earlier one, and is open again. */
  save(
    tenantId: TenantId,
    note: Pick<NoteRow, 'answerId' | 'kind' | 'keyId' | 'sealed' | 'createdAtMs'> & { expiresAtMs: number },
  ): Statement {
    const text = {
      key_id: note.keyId,
      sealed: note.sealed,
      created_at_ms: note.createdAtMs,
      expires_at_ms: note.expiresAtMs,
      settled_at_ms: null,
      settled_by: null,
    };
    const query = this.#db
      .insertInto('answer_note')
      .values({ answer_id: note.answerId, kind: note.kind, tenant_id: tenantId, ...text })
      .onConflict((conflict) => conflict.columns(['answer_id', 'kind']).doUpdateSet(text));
    return toStatement(query.compile());
  }

  /** Says that a note was seen to, by whom; or that it was not, without a time. */
  settle(
    tenantId: TenantId,
    note: Pick<NoteRow, 'answerId' | 'kind'>,
    settled: { atMs: number; by: string } | undefined,
  ): Statement {
    const query = this.#db
      .updateTable('answer_note')
      .set({ settled_at_ms: settled?.atMs ?? null, settled_by: settled?.by ?? null })
      .where('tenant_id', '=', tenantId)
      .where('answer_id', '=', note.answerId)
      .where('kind', '=', note.kind);
    return toStatement(query.compile());
  }

  /** Notes on answers that a document was given to: they may repeat it. */
  deleteRestingOn(tenantId: TenantId, documentId: DocumentId): Statement {
    const given = this.#db
      .selectFrom('answer_evidence')
      .select('answer_id')
      .where('document_id', '=', documentId);
    const query = this.#db
      .deleteFrom('answer_note')
      .where('tenant_id', '=', tenantId)
      .where('answer_id', 'in', given);
    return toStatement(query.compile());
  }

  deleteExpired(nowMs: number): Statement {
    return toStatement(this.#db.deleteFrom('answer_note').where('expires_at_ms', '<=', nowMs).compile());
  }
}
