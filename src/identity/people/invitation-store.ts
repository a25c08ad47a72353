import type { Kysely } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import { expectId, type GroupId, type Role, type TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';
import { readAttributes, readNames, readRoles } from './columns-schema.ts';

/** A link by which a person makes their own account. */
export interface Invitation {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly groups: readonly GroupId[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** Invitations, found by the hash of their token. Used, withdrawn and expired ones are never given out. */
export class InvitationStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  async find(tokenHash: string, nowMs: number): Promise<Invitation | undefined> {
    const row = await this.#open(nowMs).where('token_hash', '=', tokenHash).executeTakeFirst();
    return row && toInvitation(row);
  }

  async list(tenantId: TenantId, nowMs: number): Promise<readonly Invitation[]> {
    const rows = await this.#open(nowMs).where('tenant_id', '=', tenantId).orderBy('created_at_ms').execute();
    return rows.map(toInvitation);
  }

  #open(nowMs: number) {
    return this.#db
      .selectFrom('invitation')
      .selectAll()
      .where('used_at_ms', 'is', null)
      .where('withdrawn_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs);
  }

  create(invitation: Invitation, tokenHash: string): Statement {
    const values = {
      token_hash: tokenHash,
      tenant_id: invitation.tenantId,
      name: invitation.name,
      roles: JSON.stringify(invitation.roles),
      groups: JSON.stringify(invitation.groups),
      attributes: JSON.stringify(invitation.attributes),
      created_at_ms: invitation.createdAtMs,
      expires_at_ms: invitation.expiresAtMs,
      used_at_ms: null,
      withdrawn_at_ms: null,
    };
    return toStatement(this.#db.insertInto('invitation').values(values).compile());
  }

  /** Holds while the invitation can still be used: two who click at once make one account. */
  guardUnused(tokenHash: string, nowMs: number): Guard {
    const statement = toStatement(this.#open(nowMs).where('token_hash', '=', tokenHash).compile());
    return { ...statement, expect: 'some', message: 'This invitation was used or is over.' };
  }

  use(tokenHash: string, nowMs: number): Statement {
    const query = this.#db
      .updateTable('invitation')
      .set({ used_at_ms: nowMs })
      .where('token_hash', '=', tokenHash);
    return toStatement(query.compile());
  }

  /** Takes back every open invitation under this name. */
  withdraw(tenantId: TenantId, name: string, nowMs: number): Statement {
    const query = this.#db
      .updateTable('invitation')
      .set({ withdrawn_at_ms: nowMs })
      .where('tenant_id', '=', tenantId)
      .where('name', '=', name)
      .where('used_at_ms', 'is', null);
    return toStatement(query.compile());
  }
}

function toInvitation(row: {
  readonly tenant_id: string;
  readonly name: string;
  readonly roles: string;
  readonly groups: string;
  readonly attributes: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
}): Invitation {
  return {
    tenantId: expectId('tenant', row.tenant_id),
    name: row.name,
    roles: readRoles(row.roles),
    groups: readNames(row.groups).map((id) => expectId('group', id)),
    attributes: readAttributes(row.attributes),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
