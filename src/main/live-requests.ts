import { expectId, type Principal, type UserId } from '#core/index.ts';
import { toPrincipal } from '#identity/index.ts';
import { LiveRequests } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

/** Whether the key or session that somebody came with is over. */
async function isOver(
  { people, clock }: Pick<Parts, 'people' | 'clock'>,
  { authentication, tenantId }: Principal,
  userId: UserId,
): Promise<boolean> {
  const nowMs = clock.nowMs();
  if (authentication.kind === 'api-key') {
    const key = await people.keys.find(authentication.keyId);
    return key === undefined || key.revokedAtMs !== undefined || (key.expiresAtMs ?? Infinity) <= nowMs;
  }
  if (authentication.kind !== 'session') return false;
  const open = await people.sessions.listOf(tenantId, userId, nowMs);
  return !open.some(({ id }) => id === authentication.sessionId);
}

/** The same principal as of now; undefined when what they signed in with is over. */
async function again({ people, clock }: Parts, principal: Principal): Promise<Principal | undefined> {
  const { authentication, tenantId } = principal;
  const userId = expectId('user', principal.subject);
  const user = await people.users.find(tenantId, userId);
  if (user === undefined || user.deactivatedAtMs !== undefined) return undefined;
  if (await isOver({ people, clock }, principal, userId)) return undefined;
  const { purpose } = principal;
  return { ...toPrincipal(user, authentication), ...(purpose !== undefined && { purpose }) };
}

/** Watches running requests, so that they end when their caller loses their rights. */
export function createLiveRequests(parts: Parts): LiveRequests {
  return new LiveRequests({
    again: (principal) => again(parts, principal),
    aclSetsOf: async (principal) => (await parts.accessFilters.filterFor(principal)).aclSets,
    onFault: (error) => parts.logger.error({ error }, 'rights.check_failed'),
  });
}
