import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type SessionId, type TenantId, type UserId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';

/** A signed-in browser. Times are wall time in milliseconds. */
export interface Session {
  readonly id: SessionId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly address: string;
  /** What the browser called itself. */
  readonly agent: string;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
  readonly rotatedAtMs: number;
  readonly expiresAtMs: number;
}

/** A session and how it was found. */
export interface FoundSession extends Session {
  /** Found by the token before the last rotation. */
  readonly isPrevious: boolean;
  /** The token before the last rotation is still known. */
  readonly hasPrevious: boolean;
}

const MAX_AGENT_LENGTH = 200;

/** Sessions, found by the hash of their token. Ended ones are never given out. */
export class SessionStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  /** By the current token or the one before the last rotation, which `isPrevious` tells. */
  async findByTokenHash(hash: string): Promise<FoundSession | undefined> {
    const row = await this.#db
      .selectFrom('session')
      .selectAll()
      .where((where) => where.or([where('token_hash', '=', hash), where('previous_token_hash', '=', hash)]))
      .where('ended_at_ms', 'is', null)
      .executeTakeFirst();
    return (
      row && {
        ...toSession(row),
        isPrevious: row.token_hash !== hash,
        hasPrevious: row.previous_token_hash !== null,
      }
    );
  }

  /** Sessions of a person that are not over, newest first. */
  async listOf(tenantId: TenantId, userId: UserId, nowMs: number): Promise<readonly Session[]> {
    const rows = await this.#db
      .selectFrom('session')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .where('ended_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .orderBy('created_at_ms', 'desc')
      .execute();
    return rows.map(toSession);
  }

  create(session: Session, tokenHash: string): Statement {
    const values = {
      id: session.id,
      tenant_id: session.tenantId,
      user_id: session.userId,
      token_hash: tokenHash,
      previous_token_hash: null,
      rotated_at_ms: session.rotatedAtMs,
      address: session.address,
      agent: session.agent.slice(0, MAX_AGENT_LENGTH),
      created_at_ms: session.createdAtMs,
      last_seen_at_ms: session.lastSeenAtMs,
      expires_at_ms: session.expiresAtMs,
      ended_at_ms: null,
    };
    return toStatement(this.#db.insertInto('session').values(values).compile());
  }

  /**
   * Another token for the same session; `oldHash`, by which it was found, is known for a moment longer. Changes
   * nothing when another request rotated since `seenRotatedAtMs`.
   */
  rotate(
    id: SessionId,
    oldHash: string,
    rotation: { readonly freshHash: string; readonly nowMs: number; readonly seenRotatedAtMs: number },
  ): Statement {
    const { freshHash, nowMs, seenRotatedAtMs } = rotation;
    const query = this.#db
      .updateTable('session')
      .set({
        token_hash: freshHash,
        previous_token_hash: oldHash,
        rotated_at_ms: nowMs,
        last_seen_at_ms: nowMs,
      })
      .where('id', '=', id)
      .where('rotated_at_ms', '=', seenRotatedAtMs)
      .where('ended_at_ms', 'is', null);
    return toStatement(query.compile());
  }

  /** Notes that a session was used; `forgetPrevious` when its new token was seen. */
  touch(id: SessionId, nowMs: number, forgetPrevious: boolean): Statement {
    const query = this.#db
      .updateTable('session')
      .set({ last_seen_at_ms: nowMs, ...(forgetPrevious && { previous_token_hash: null }) })
      .where('id', '=', id);
    return toStatement(query.compile());
  }

  /** Ends one session of a person, or with no id all of them. */
  end(
    { tenantId, userId, id }: { tenantId: TenantId; userId: UserId; id?: SessionId | undefined },
    nowMs: number,
  ): Statement {
    let query = this.#db
      .updateTable('session')
      .set({ ended_at_ms: nowMs })
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .where('ended_at_ms', 'is', null);
    if (id !== undefined) query = query.where('id', '=', id);
    return toStatement(query.compile());
  }
}

function toSession(row: {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly address: string;
  readonly agent: string;
  readonly created_at_ms: number;
  readonly last_seen_at_ms: number;
  readonly rotated_at_ms: number;
  readonly expires_at_ms: number;
}): Session {
  return {
    id: expectId('session', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    userId: expectId('user', row.user_id),
    address: row.address,
    agent: row.agent,
    createdAtMs: row.created_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    rotatedAtMs: row.rotated_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
