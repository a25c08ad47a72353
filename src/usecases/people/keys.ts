import {
  AppError,
  hasPermission,
  type ApiKeyId,
  type KeyScope,
  type Principal,
  type UserId,
} from '#core/index.ts';
import { isAddressOrNetwork, LOCAL_ISSUER, makeApiKeyText, type ApiKey } from '#identity/index.ts';
import { expectId } from '#core/index.ts';
import { byPrincipal, type PeopleDeps } from './people-deps.ts';

export interface NewKeyRequest {
  readonly name: string;
  readonly scope: KeyScope;
  /** Addresses or networks it may be used from; empty means any. */
  readonly addresses: readonly string[];
  /** Wall time in milliseconds; undefined means until it is revoked. */
  readonly expiresAtMs: number | undefined;
}

/**
 * Makes a key that acts as its owner, within its scope. The text is in the reply and nowhere else.
 * @throws {AppError} input.invalid, auth.forbidden for a key that makes keys or for a scope beyond one's own.
 */
export async function createKey(
  deps: PeopleDeps,
  principal: Principal,
  request: NewKeyRequest,
): Promise<{ readonly key: ApiKey; readonly text: string }> {
  if (principal.issuer !== LOCAL_ISSUER)
    throw new AppError(
      'auth.forbidden',
      'A key belongs to an account. Make one with the link of the first start.',
    );
  if (principal.authentication.kind === 'api-key')
    throw new AppError('auth.forbidden', 'A key does not make keys. Sign in for that.');
  return makeKey(deps, principal, { ...request, userId: expectId('user', principal.subject) });
}

/** Makes a key of an account. @throws {AppError} input.invalid, auth.forbidden for a scope beyond one's own. */
export async function makeKey(
  deps: PeopleDeps,
  principal: Principal,
  request: NewKeyRequest & { readonly userId: UserId },
): Promise<{ readonly key: ApiKey; readonly text: string }> {
  checkNewKey(principal, request, deps.clock.nowMs());
  const nowMs = deps.clock.nowMs();
  const id = deps.newId('key');
  const { text, secret } = makeApiKeyText(id, deps.randomBytes);
  const key: ApiKey = {
    ...request,
    id,
    tenantId: principal.tenantId,
    createdAtMs: nowMs,
    lastUsedAtMs: undefined,
    revokedAtMs: undefined,
  };
  const fields = { keyId: id, userId: request.userId, scope: toFields(request.scope) };
  await deps.writer.write({
    statements: [deps.keys.create(key, deps.keyedHash.hash('api-key', secret))],
    audit: [byPrincipal(principal, 'key.created', fields, nowMs)],
  });
  return { key, text };
}

function checkNewKey(principal: Principal, request: NewKeyRequest, nowMs: number): void {
  const wrong = request.addresses.find((address) => !isAddressOrNetwork(address));
  if (wrong !== undefined)
    throw new AppError('input.invalid', `"${wrong}" is not an address or a network.`, {
      details: { param: 'addresses' },
    });
  if (request.expiresAtMs !== undefined && request.expiresAtMs <= nowMs)
    throw new AppError('input.invalid', 'A key expires in the future.', { details: { param: 'expiresAt' } });
  const beyond = request.scope.permissions?.find((permission) => !hasPermission(principal, permission));
  if (beyond !== undefined)
    throw new AppError('auth.forbidden', `You do not have the permission "${beyond}" yourself.`);
}

const toFields = ({ permissions, collections, models }: KeyScope) => ({
  permissions: permissions ?? null,
  collections: collections ?? null,
  models: models ?? null,
});

/**
 * Revokes a key at once: one's own, or anybody's of the tenant with `people.manage`.
 * @throws {AppError} request.not_found for a key that is not there, not one's own, or revoked already.
 */
export async function revokeKey(deps: PeopleDeps, principal: Principal, id: ApiKeyId): Promise<void> {
  const key = await deps.keys.find(id);
  const isOwn = key?.tenantId === principal.tenantId && key.userId === principal.subject;
  const mayAny = key?.tenantId === principal.tenantId && hasPermission(principal, 'people.manage');
  if (key === undefined || key.revokedAtMs !== undefined || !(isOwn || mayAny))
    throw new AppError('request.not_found', 'There is no such key.');
  const nowMs = deps.clock.nowMs();
  await deps.writer.write({
    statements: [deps.keys.revoke(principal.tenantId, id, nowMs)],
    audit: [byPrincipal(principal, 'key.revoked', { keyId: id }, nowMs)],
  });
}
