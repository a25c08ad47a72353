import { sql, type Kysely, type Selectable } from 'kysely';
import type { Guard, Statement } from '#contracts/index.ts';
import { expectId, ROLES, type Role, type TenantId, type UserId } from '#core/index.ts';
import { frequentQuery, toStatement } from '#platform/index.ts';
import type { IdentitySchema } from '../identity-schema.ts';
import { readAttributes } from './columns-schema.ts';
import { MembershipStore } from './membership-store.ts';
import { foldUserName, type NewUser, type User, type UserCredentials } from './user.ts';

const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

/** People and services, their roles and memberships. */
export class UserStore {
  readonly #db: Kysely<IdentitySchema>;
  readonly #one;
  readonly #administrators;
  /** Their roles and groups alone. */
  readonly memberships: MembershipStore;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
    this.memberships = new MembershipStore(db);
    this.#administrators = frequentQuery(db, (role: Role) =>
      db.selectFrom('user_role').select('user_id').where('role', '=', role).limit(sql.lit(1)),
    );
    this.#one = {
      accounts: frequentQuery(db, (tenantId: TenantId, id: UserId) =>
        db.selectFrom('user_account').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id),
      ),
      roles: frequentQuery(db, (tenantId: TenantId, id: UserId) =>
        db.selectFrom('user_role').selectAll().where('tenant_id', '=', tenantId).where('user_id', '=', id),
      ),
      members: frequentQuery(db, (tenantId: TenantId, id: UserId) =>
        db
          .selectFrom('user_group_member')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('user_id', '=', id),
      ),
    };
  }

  /** By id, also when deactivated: the caller looks at `deactivatedAtMs`. */
  async find(tenantId: TenantId, id: UserId): Promise<User | undefined> {
    const [account] = await this.#one.accounts(tenantId, id);
    if (account === undefined) return undefined;
    const roles = await this.#one.roles(tenantId, id);
    return toUser(account, roles, await this.#one.members(tenantId, id));
  }

  /** Everybody of a tenant by name. */
  async list(tenantId: TenantId): Promise<readonly User[]> {
    const roles = await this.#db
      .selectFrom('user_role')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .execute();
    const members = await this.#db
      .selectFrom('user_group_member')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .execute();
    const accounts = await this.#db
      .selectFrom('user_account')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .orderBy('name')
      .execute();
    const rolesOf = Map.groupBy(roles, (row) => row.user_id);
    const membersOf = Map.groupBy(members, (row) => row.user_id);
    return accounts.map((row) => toUser(row, rolesOf.get(row.id) ?? [], membersOf.get(row.id) ?? []));
  }

  /** What to check a sign-in under this name against. */
  async findCredentials(tenantId: TenantId, name: string): Promise<UserCredentials | undefined> {
    const row = await this.#db
      .selectFrom('user_account')
      .select(['id', 'passphrase_hash', 'totp_secret', 'totp_last_step', 'deactivated_at_ms'])
      .where('tenant_id', '=', tenantId)
      .where('name', '=', foldUserName(name))
      .executeTakeFirst();
    return (
      row && {
        userId: expectId('user', row.id),
        tenantId,
        passphraseHash: row.passphrase_hash ?? undefined,
        totpSecret: row.totp_secret ?? undefined,
        totpLastStep: row.totp_last_step,
        isDeactivated: row.deactivated_at_ms !== null,
      }
    );
  }

  /** Whether anybody at all may administer: until then the first-start link works. */
  async hasAdministrator(): Promise<boolean> {
    return (await this.#administrators('administrator')).length > 0;
  }

  /** Holds while nobody may administer; checked in the transaction that makes the first administrator. */
  guardNoAdministrator(): Guard {
    const query = this.#db.selectFrom('user_role').select('user_id').where('role', '=', 'administrator');
    return {
      ...toStatement(query.compile()),
      expect: 'none',
      message: 'There is an administrator already.',
    };
  }

  /** Holds while nobody of the tenant has this name. */
  guardNameFree(tenantId: TenantId, name: string): Guard {
    const query = this.#db
      .selectFrom('user_account')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('name', '=', foldUserName(name));
    return { ...toStatement(query.compile()), expect: 'none', message: `The name "${name}" is taken.` };
  }

  /** Holds while somebody else than this user may administer the tenant: the last one cannot lock all out. */
  guardOtherAdministrator(tenantId: TenantId, userId: UserId): Guard {
    const query = this.#db
      .selectFrom('user_role')
      .innerJoin('user_account', 'user_account.id', 'user_role.user_id')
      .select('user_role.user_id')
      .where('user_role.tenant_id', '=', tenantId)
      .where('user_role.role', '=', 'administrator')
      .where('user_role.user_id', '!=', userId)
      .where('user_account.deactivated_at_ms', 'is', null);
    return {
      ...toStatement(query.compile()),
      expect: 'some',
      message: 'This is the only administrator; make another one first.',
    };
  }

  create(user: NewUser): Statement[] {
    const account = this.#db.insertInto('user_account').values({
      id: user.id,
      tenant_id: user.tenantId,
      kind: user.kind,
      name: foldUserName(user.name),
      display_name: user.displayName,
      passphrase_hash: user.passphraseHash ?? null,
      totp_secret: null,
      attributes: JSON.stringify(user.attributes),
      created_at_ms: user.createdAtMs,
      signed_in_at_ms: null,
      deactivated_at_ms: null,
    });
    return [
      toStatement(account.compile()),
      ...this.memberships.setRoles(
        { tenantId: user.tenantId, userId: user.id },
        user.roles,
        user.createdAtMs,
      ),
      ...this.memberships.setGroups(
        { tenantId: user.tenantId, userId: user.id },
        user.groups,
        user.createdAtMs,
      ),
    ];
  }

  /** Changes columns of one account; undefined ones stay. */
  update(
    tenantId: TenantId,
    id: UserId,
    change: {
      readonly displayName?: string | undefined;
      readonly attributes?: User['attributes'] | undefined;
      readonly passphraseHash?: string | undefined;
      readonly totpSecret?: string | null | undefined;
      readonly totpLastStep?: number | undefined;
      readonly signedInAtMs?: number | undefined;
      readonly deactivatedAtMs?: number | null | undefined;
    },
  ): Statement {
    const set = {
      display_name: change.displayName,
      attributes: change.attributes && JSON.stringify(change.attributes),
      passphrase_hash: change.passphraseHash,
      totp_secret: change.totpSecret,
      totp_last_step: change.totpLastStep,
      signed_in_at_ms: change.signedInAtMs,
      deactivated_at_ms: change.deactivatedAtMs,
    };
    const known = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
    const query = this.#db
      .updateTable('user_account')
      .set(known)
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id);
    return toStatement(query.compile());
  }
}

function toUser(
  row: Selectable<IdentitySchema['user_account']>,
  roles: readonly { readonly role: string }[],
  members: readonly { readonly group_id: string }[],
): User {
  return {
    id: expectId('user', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    kind: row.kind === 'service' ? 'service' : 'person',
    name: row.name,
    displayName: row.display_name,
    attributes: readAttributes(row.attributes),
    roles: roles.map(({ role }) => role).filter(isRole),
    groups: members.map((member) => expectId('group', member.group_id)),
    createdAtMs: row.created_at_ms,
    signedInAtMs: row.signed_in_at_ms ?? undefined,
    deactivatedAtMs: row.deactivated_at_ms ?? undefined,
  };
}
