import { sql, type Kysely } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import {
  expectId,
  type AnswerId,
  type ContentId,
  type ConversationId,
  type DocumentId,
  type TenantId,
  type TurnId,
} from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { ConversationSchema } from './answer-store.ts';
import type { ContentSchema, Person } from './content-store.ts';

/** A text as it lies in a row. */
interface Sealed {
  readonly keyId: ContentId;
  readonly sealed: Uint8Array;
}

/** A conversation's place in a list by age. */
export type Place = Pick<ConversationRow, 'updatedAtMs' | 'id'>;

export interface ConversationRow {
  readonly id: ConversationId;
  readonly title: Sealed;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly deletedAtMs: number | undefined;
  readonly turnCount: number;
}

/** How a turn ended; `open` while its answer is being made. */
export const TURN_STATES = ['open', 'ended', 'cancelled', 'failed'] as const;
export type TurnState = (typeof TURN_STATES)[number];

export interface TurnRow {
  readonly id: TurnId;
  readonly state: TurnState;
  readonly answerId: AnswerId | undefined;
  readonly text: Sealed;
  /** What its asker thought of the answer: `up`, `down` or `down:<reason>`. */
  readonly feedback: string | undefined;
}

export interface NewTurn {
  readonly conversationId: ConversationId;
  readonly turnId: TurnId;
  readonly replaces: TurnId | undefined;
  readonly nowMs: number;
}

function expectState(text: string): TurnState {
  const state = TURN_STATES.find((known) => known === text);
  if (state === undefined) throw new TypeError('not the state of a turn');
  return state;
}

/** The tables of conversations. Every question names the person: nobody else's is found, and nothing says it is there. */
export class ConversationStore {
  readonly #db: Kysely<ContentSchema & ConversationSchema>;
  constructor(db: Kysely<ContentSchema & ConversationSchema>) {
    this.#db = db;
  }

  #of({ tenantId, issuer, subject }: Person) {
    return this.#db
      .selectFrom('conversation')
      .selectAll('conversation')
      .select(({ selectFrom }) =>
        selectFrom('conversation_turn')
          .whereRef('conversation_turn.conversation_id', '=', 'conversation.id')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .as('turn_count'),
      )
      .where('conversation.tenant_id', '=', tenantId)
      .where('conversation.issuer', '=', issuer)
      .where('conversation.subject', '=', subject);
  }

  /** Those that are not deleted, newest first, from behind a place in that order. */
  async list(person: Person, { after, limit }: { after: Place | undefined; limit: number }) {
    let query = this.#of(person).where('deleted_at_ms', 'is', null);
    if (after !== undefined)
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('updated_at_ms', 'conversation.id'), '<', tuple(after.updatedAtMs, String(after.id))),
      );
    const rows = await query
      .orderBy('updated_at_ms', 'desc')
      .orderBy('conversation.id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toConversation);
  }

  /** Deleted ones too, for as long as they can come back. */
  async find(person: Person, id: ConversationId): Promise<ConversationRow | undefined> {
    const row = await this.#of(person).where('conversation.id', '=', id).executeTakeFirst();
    return row && toConversation(row);
  }

  /** Turns of a conversation that was found, in their order. */
  async listTurns(id: ConversationId): Promise<TurnRow[]> {
    const rows = await this.#db
      .selectFrom('conversation_turn')
      .leftJoin('answer_outcome', 'answer_outcome.answer_id', 'conversation_turn.answer_id')
      .selectAll('conversation_turn')
      .select('answer_outcome.feedback')
      .where('conversation_id', '=', id)
      .orderBy('ordinal')
      .execute();
    return rows.map((row) => ({
      id: expectId('turn', row.id),
      state: expectState(row.state),
      answerId: row.answer_id === null ? undefined : expectId('answer', row.answer_id),
      text: { keyId: expectId('content', row.key_id), sealed: row.sealed },
      feedback: row.feedback ?? undefined,
    }));
  }

  /** Turns whose answer was given a document as evidence, in any conversation of the tenant. */
  async listRestingOn(
    tenantId: TenantId,
    documentId: DocumentId,
  ): Promise<{ readonly conversationId: ConversationId; readonly turnId: TurnId; readonly text: Sealed }[]> {
    const given = this.#db
      .selectFrom('answer_evidence')
      .select('answer_id')
      .where('document_id', '=', documentId);
    const rows = await this.#db
      .selectFrom('conversation_turn')
      .select(['conversation_id', 'id', 'key_id', 'sealed'])
      .where('tenant_id', '=', tenantId)
      .where('answer_id', 'in', given)
      .execute();
    return rows.map((row) => ({
      conversationId: expectId('conversation', row.conversation_id),
      turnId: expectId('turn', row.id),
      text: { keyId: expectId('content', row.key_id), sealed: row.sealed },
    }));
  }

  /** Puts another text in the place of a turn's; it did not come to an answer any more. */
  replaceTurn(conversationId: ConversationId, turnId: TurnId, sealed: Uint8Array): Statement {
    const query = this.#db
      .updateTable('conversation_turn')
      .set({ sealed, state: 'failed' })
      .where('conversation_id', '=', conversationId)
      .where('id', '=', turnId);
    return toStatement(query.compile());
  }

  /** That nobody else has a conversation of this id. */
  notAnothers({ tenantId, issuer, subject }: Person, id: ConversationId): Guard {
    const query = this.#db
      .selectFrom('conversation')
      .select('id')
      .where('id', '=', id)
      .where(({ or, eb }) =>
        or([eb('tenant_id', '!=', tenantId), eb('issuer', '!=', issuer), eb('subject', '!=', subject)]),
      );
    return { ...toStatement(query.compile()), expect: 'none', message: 'There is no such conversation.' };
  }

  /** Makes a conversation, or says that it was changed; a deleted one comes back. */
  touch(
    { tenantId, issuer, subject }: Person,
    id: ConversationId,
    { title, expiresAtMs, nowMs }: { title: Sealed; expiresAtMs: number; nowMs: number },
  ): Statement {
    return toStatement(
      this.#db
        .insertInto('conversation')
        .values({
          id,
          tenant_id: tenantId,
          issuer,
          subject,
          key_id: title.keyId,
          sealed_title: title.sealed,
          created_at_ms: nowMs,
          updated_at_ms: nowMs,
          expires_at_ms: expiresAtMs,
          deleted_at_ms: null,
        })
        .onConflict((conflict) =>
          conflict
            .column('id')
            .doUpdateSet({ updated_at_ms: nowMs, expires_at_ms: expiresAtMs, deleted_at_ms: null }),
        )
        .compile(),
    );
  }

  /** Puts an open turn at the end, or in the place of one that goes with all after it. */
  beginTurn({ tenantId }: Person, { conversationId, turnId, replaces, nowMs }: NewTurn, text: Sealed) {
    const ofThis = this.#db.selectFrom('conversation_turn').where('conversation_id', '=', conversationId);
    const replaced = this.#db
      .deleteFrom('conversation_turn')
      .where('conversation_id', '=', conversationId)
      .where('ordinal', '>=', ofThis.select('ordinal').where('id', '=', replaces ?? turnId));
    const ordinal = ofThis.select(sql<number>`coalesce(max(ordinal) + 1, 0)`.as('next'));
    const added = this.#db.insertInto('conversation_turn').values({
      conversation_id: conversationId,
      id: turnId,
      tenant_id: tenantId,
      key_id: text.keyId,
      ordinal,
      state: 'open',
      answer_id: null,
      sealed: text.sealed,
      updated_at_ms: nowMs,
    });
    return [replaced.compile(), added.compile()].map(toStatement);
  }

  /** Closes a turn that is still there. */
  endTurn(
    { conversationId, turnId }: Pick<NewTurn, 'conversationId' | 'turnId'>,
    ended: { text: Sealed; state: TurnState; answerId: AnswerId | undefined; nowMs: number },
  ): Statement {
    return toStatement(
      this.#db
        .updateTable('conversation_turn')
        .set({
          key_id: ended.text.keyId,
          sealed: ended.text.sealed,
          state: ended.state,
          answer_id: ended.answerId ?? null,
          updated_at_ms: ended.nowMs,
        })
        .where('conversation_id', '=', conversationId)
        .where('id', '=', turnId)
        .compile(),
    );
  }

  rename(id: ConversationId, title: Sealed): Statement {
    return toStatement(
      this.#db
        .updateTable('conversation')
        .set({ key_id: title.keyId, sealed_title: title.sealed })
        .where('id', '=', id)
        .compile(),
    );
  }

  /** Hides a conversation from now on; undefined brings it back. */
  markDeleted(id: ConversationId, nowMs: number | undefined): Statement {
    return toStatement(
      this.#db
        .updateTable('conversation')
        .set({ deleted_at_ms: nowMs ?? null })
        .where('id', '=', id)
        .compile(),
    );
  }

  /** Deletes for good what ran out, and what was deleted before a time. */
  deleteExpired(nowMs: number, deletedBeforeMs: number): Statement[] {
    const gone = this.#db
      .selectFrom('conversation')
      .select('id')
      .where(({ or, eb }) =>
        or([eb('expires_at_ms', '<=', nowMs), eb('deleted_at_ms', '<=', deletedBeforeMs)]),
      );
    return [
      this.#db.deleteFrom('conversation_turn').where('conversation_id', 'in', gone).compile(),
      this.#db.deleteFrom('conversation').where('id', 'in', gone).compile(),
    ].map(toStatement);
  }

  /** After a start no answer is being made: turns that were open were cut. */
  closeOpenTurns(): Statement {
    const query = this.#db
      .updateTable('conversation_turn')
      .set({ state: 'cancelled' })
      .where('state', '=', 'open');
    return toStatement(query.compile());
  }
}

function toConversation(row: {
  id: string;
  key_id: string;
  sealed_title: Uint8Array;
  created_at_ms: number;
  updated_at_ms: number;
  deleted_at_ms: number | null;
  turn_count: number | null;
}): ConversationRow {
  return {
    id: expectId('conversation', row.id),
    title: { keyId: expectId('content', row.key_id), sealed: row.sealed_title },
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    deletedAtMs: row.deleted_at_ms ?? undefined,
    turnCount: row.turn_count ?? 0,
  };
}
