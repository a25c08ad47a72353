import { AppError, parseId, type GroupId, type Principal } from '#core/index.ts';
import type { KeysDeps, PeopleRouteDeps, ServiceRouteDeps } from '#gateway/index.ts';
import type { ApiKey, User } from '#identity/index.ts';
import {
  changePerson,
  createGroup,
  createKey,
  createService,
  createServiceKey,
  resetTotp,
  type NewKeyRequest,
  endSession,
  invite,
  removeGroup,
  revokeKey,
  type PeopleDeps,
} from '#usecases/index.ts';
import type { NewKeyBody } from '#wire/hradlo/index.ts';
import { listSessions } from './session-routes.ts';

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
const isoOrNull = (timeMs: number | undefined): string | null => (timeMs === undefined ? null : iso(timeMs));

/** @throws {AppError} input.invalid */
function toGroupIds(texts: readonly string[]): GroupId[] {
  return texts.map((text) => {
    const id = parseId('group', text);
    if (id === undefined)
      throw new AppError('input.invalid', `"${text}" is not the id of a group.`, {
        details: { param: 'groups' },
      });
    return id;
  });
}

function toPerson(user: User) {
  return {
    id: user.id,
    kind: user.kind,
    name: user.name,
    displayName: user.displayName,
    roles: [...user.roles],
    groups: [...user.groups],
    attributes: Object.fromEntries(
      Object.entries(user.attributes).map(([name, values]) => [name, [...values]]),
    ),
    isActive: user.deactivatedAtMs === undefined,
    createdAt: iso(user.createdAtMs),
    signedInAt: isoOrNull(user.signedInAtMs),
  };
}

/** Wires people, groups and invitations. */
export function createPeopleRouteDeps(people: PeopleDeps): PeopleRouteDeps {
  return {
    listPeople: async ({ tenantId }) => (await people.users.list(tenantId)).map(toPerson),
    changePerson: (principal, userId, { groups, ...change }) =>
      changePerson(people, principal, {
        userId,
        change: { ...change, groups: groups && toGroupIds(groups) },
      }),
    async invite(principal, body) {
      const groups = toGroupIds(body.groups);
      const { token, expiresAtMs } = await invite(people, principal, { ...body, groups });
      return { token, expiresAt: iso(expiresAtMs) };
    },
    listSessions: (principal, userId) => listSessions(people, principal, userId),
    endSessions: (principal, userId) =>
      endSession(people, principal, { tenantId: principal.tenantId, userId }),
    listGroups: async ({ tenantId }) => [...(await people.groups.list(tenantId))],
    createGroup: (principal, name) => createGroup(people, principal, name),
    removeGroup: (principal, id) => removeGroup(people, principal, id),
  };
}

function toKey(key: ApiKey) {
  const { permissions, collections, models } = key.scope;
  return {
    id: key.id,
    ownerId: key.userId,
    name: key.name,
    scope: {
      ...(permissions && { permissions: [...permissions] }),
      ...(collections && { collections: [...collections] }),
      ...(models && { models: [...models] }),
    },
    addresses: [...key.addresses],
    createdAt: iso(key.createdAtMs),
    expiresAt: isoOrNull(key.expiresAtMs),
    lastUsedAt: isoOrNull(key.lastUsedAtMs),
    revokedAt: isoOrNull(key.revokedAtMs),
  };
}

/** Wires API keys. */
export function createKeysDeps(people: PeopleDeps): KeysDeps {
  const ownerOf = ({ subject }: Principal) => parseId('user', subject);
  return {
    async listKeys(principal, whose) {
      const owner = ownerOf(principal);
      if (whose === 'own' && owner === undefined) return [];
      const keys = await people.keys.list(principal.tenantId, whose === 'own' ? owner : undefined);
      return keys.map(toKey);
    },
    async createKey(principal, body) {
      const { key, text } = await createKey(people, principal, toNewKey(body));
      return { ...toKey(key), key: text };
    },
    revokeKey: (principal, id) => revokeKey(people, principal, id),
  };
}

/** @throws {AppError} input.invalid */
function toNewKey({ scope, expiresAt, ...body }: NewKeyBody): NewKeyRequest {
  const { permissions, models, collections } = scope;
  return {
    ...body,
    scope: {
      ...(permissions && { permissions }),
      ...(models && { models }),
      ...(collections && { collections: toCollectionIds(collections) }),
    },
    expiresAtMs: expiresAt === undefined ? undefined : Date.parse(expiresAt),
  };
}

/** Wires accounts of programs. */
export function createServiceRouteDeps(people: PeopleDeps): ServiceRouteDeps {
  return {
    createService: (principal, { displayName, ...body }) =>
      createService(people, principal, {
        ...body,
        displayName: displayName ?? body.name,
        groups: toGroupIds(body.groups),
      }),
    async createServiceKey(principal, userId, body) {
      const { key, text } = await createServiceKey(people, principal, { ...toNewKey(body), userId });
      return { ...toKey(key), key: text };
    },
    resetTotp: (principal, userId) => resetTotp(people, principal, userId),
  };
}

function toCollectionIds(texts: readonly string[]) {
  return texts.map((text) => {
    const id = parseId('collection', text);
    if (id === undefined)
      throw new AppError('input.invalid', `"${text}" is not the id of a collection.`, {
        details: { param: 'scope.collections' },
      });
    return id;
  });
}
