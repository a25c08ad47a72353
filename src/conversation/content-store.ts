import type { Generated, Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import {
  expectId,
  type AnswerId,
  type ContentId,
  type DocumentId,
  type Principal,
  type TenantId,
} from '#core/index.ts';
import { insertRows, toStatement } from '#platform/index.ts';
import type { ConversationSchema } from './answer-store.ts';

/** Columns of the tables of sealed texts. */
export interface ContentSchema {
  content_key: {
    id: string;
    tenant_id: string;
    issuer: string;
    subject: string;
    created_at_ms: number;
    erased_at_ms: number | null;
  };
  content: {
    answer_id: string;
    kind: string;
    tenant_id: string;
    key_id: string;
    sealed: Uint8Array;
    created_at_ms: number;
    expires_at_ms: number;
    erased_document_id: Generated<string | null>;
    erased_at_ms: Generated<number | null>;
  };
  conversation: {
    id: string;
    tenant_id: string;
    issuer: string;
    subject: string;
    key_id: string;
    sealed_title: Uint8Array;
    created_at_ms: number;
    updated_at_ms: number;
    expires_at_ms: number;
    deleted_at_ms: number | null;
  };
  answer_note: {
    answer_id: string;
    kind: string;
    tenant_id: string;
    key_id: string;
    sealed: Uint8Array;
    created_at_ms: number;
    expires_at_ms: number;
    settled_at_ms: number | null;
    settled_by: string | null;
  };
  conversation_turn: {
    conversation_id: string;
    id: string;
    tenant_id: string;
    key_id: string;
    ordinal: number;
    state: string;
    answer_id: string | null;
    sealed: Uint8Array;
    updated_at_ms: number;
  };
}

export type ContentKind = 'question' | 'answer';
export type Person = Pick<Principal, 'tenantId' | 'issuer' | 'subject'>;

export interface ContentKey {
  readonly id: ContentId;
  readonly createdAtMs: number;
  readonly erasedAtMs: number | undefined;
}

export interface SealedContent {
  readonly answerId: AnswerId;
  readonly kind: ContentKind;
  readonly keyId: ContentId;
  readonly sealed: Uint8Array;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** A text that is kept, or that was emptied together with a document that it repeated. */
export type FoundContent =
  | { readonly keyId: ContentId; readonly sealed: Uint8Array; readonly erased?: never }
  | { readonly erased: { readonly documentId: DocumentId; readonly atMs: number } };

/** An answer, and whose it is. */
export interface KeptAnswer {
  readonly answerId: AnswerId;
  readonly person: Person;
  readonly createdAtMs: number;
  readonly isGenerated: boolean;
}

/** The tables of sealed texts. What is in them opens only with keys that are not in the database. */
export class ContentStore {
  readonly #db: Kysely<ContentSchema & ConversationSchema>;
  constructor(db: Kysely<ContentSchema & ConversationSchema>) {
    this.#db = db;
  }

  /** A person's keys, oldest first: those erased, and at most one in use. */
  async listKeys({ tenantId, issuer, subject }: Person): Promise<ContentKey[]> {
    const rows = await this.#db
      .selectFrom('content_key')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .orderBy('created_at_ms')
      .execute();
    return rows.map((row) => ({
      id: expectId('content', row.id),
      createdAtMs: row.created_at_ms,
      erasedAtMs: row.erased_at_ms ?? undefined,
    }));
  }

  /** Ids of keys that must not exist any more. */
  async listErasedKeys(): Promise<ContentId[]> {
    const rows = await this.#db
      .selectFrom('content_key')
      .select('id')
      .where('erased_at_ms', 'is not', null)
      .execute();
    return rows.map((row) => expectId('content', row.id));
  }

  async find(answerId: AnswerId, kind: ContentKind): Promise<FoundContent | undefined> {
    const row = await this.#db
      .selectFrom('content')
      .select(['key_id', 'sealed', 'erased_document_id', 'erased_at_ms'])
      .where('answer_id', '=', answerId)
      .where('kind', '=', kind)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { erased_document_id: documentId, erased_at_ms: atMs } = row;
    if (documentId === null || atMs === null)
      return { keyId: expectId('content', row.key_id), sealed: row.sealed };
    return { erased: { documentId: expectId('document', documentId), atMs } };
  }

  /** Answers whose text is kept and that quoted a document, or that a model wrote with it before its eyes. */
  async listRepeating(tenantId: TenantId, documentId: DocumentId): Promise<KeptAnswer[]> {
    const given = this.#db.selectFrom('answer_evidence').select('answer_id').distinct();
    const cited = given.where('document_id', '=', documentId).where('was_cited', '=', 1);
    const rows = await this.#kept('answer')
      .where('answer.tenant_id', '=', tenantId)
      .where('answer.id', 'in', given.where('document_id', '=', documentId))
      .where(({ eb, or }) => or([eb('answer.mode', '=', 'generated'), eb('answer.id', 'in', cited)]))
      .execute();
    return rows.map(toKeptAnswer);
  }

  /** Answers of a person since a moment whose question is kept, oldest first. */
  async listAsked({ tenantId, issuer, subject }: Person, sinceMs: number): Promise<KeptAnswer[]> {
    const rows = await this.#kept('question')
      .where('answer.tenant_id', '=', tenantId)
      .where('answer.issuer', '=', issuer)
      .where('answer.subject', '=', subject)
      .where('answer.created_at_ms', '>=', sinceMs)
      .orderBy('answer.created_at_ms')
      .execute();
    return rows.map(toKeptAnswer);
  }

  #kept(kind: ContentKind) {
    return this.#db
      .selectFrom('answer')
      .innerJoin('content', 'content.answer_id', 'answer.id')
      .select([
        'answer.id',
        'answer.tenant_id',
        'answer.issuer',
        'answer.subject',
        'answer.mode',
        'answer.created_at_ms',
      ])
      .where('content.kind', '=', kind)
      .where('content.erased_at_ms', 'is', null);
  }

  /** Empties a text that repeated a document; that it was there, and why it is not, stays. */
  eraseText(
    answerId: AnswerId,
    kind: ContentKind,
    erased: { documentId: DocumentId; atMs: number },
  ): Statement {
    const query = this.#db
      .updateTable('content')
      .set({ sealed: new Uint8Array(), erased_document_id: erased.documentId, erased_at_ms: erased.atMs })
      .where('answer_id', '=', answerId)
      .where('kind', '=', kind);
    return toStatement(query.compile());
  }

  createKey(id: ContentId, { tenantId, issuer, subject }: Person, nowMs: number): Statement {
    return toStatement(
      this.#db
        .insertInto('content_key')
        .values({ id, tenant_id: tenantId, issuer, subject, created_at_ms: nowMs, erased_at_ms: null })
        .compile(),
    );
  }

  save(content: SealedContent, { tenantId }: Person): Statement {
    const row = {
      answer_id: content.answerId,
      kind: content.kind,
      tenant_id: tenantId,
      key_id: content.keyId,
      sealed: content.sealed,
      created_at_ms: content.createdAtMs,
      expires_at_ms: content.expiresAtMs,
    };
    return insertRows('content', [row], 'on conflict do nothing');
  }

  /** Marks a key as erased and deletes what it sealed. */
  eraseKey(id: ContentId, nowMs: number): Statement[] {
    return [
      this.#db.deleteFrom('content').where('key_id', '=', id).compile(),
      // A conversation and its turns may be of different keys: a turn goes with either.
      this.#db
        .deleteFrom('conversation_turn')
        .where(({ or, eb, selectFrom }) =>
          or([
            eb('key_id', '=', id),
            eb('conversation_id', 'in', selectFrom('conversation').select('id').where('key_id', '=', id)),
          ]),
        )
        .compile(),
      this.#db.deleteFrom('conversation').where('key_id', '=', id).compile(),
      this.#db.deleteFrom('answer_note').where('key_id', '=', id).compile(),
      this.#db.updateTable('content_key').set({ erased_at_ms: nowMs }).where('id', '=', id).compile(),
    ].map(toStatement);
  }

  deleteExpired(nowMs: number): Statement {
    return toStatement(this.#db.deleteFrom('content').where('expires_at_ms', '<=', nowMs).compile());
  }
}

function toKeptAnswer(row: {
  id: string;
  tenant_id: string;
  issuer: string;
  subject: string;
  mode: string;
  created_at_ms: number;
}): KeptAnswer {
  const { issuer, subject } = row;
  return {
    answerId: expectId('answer', row.id),
    person: { tenantId: expectId('tenant', row.tenant_id), issuer, subject },
    createdAtMs: row.created_at_ms,
    isGenerated: row.mode === 'generated',
  };
}
