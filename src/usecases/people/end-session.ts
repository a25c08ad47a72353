import { AppError, type Principal, type SessionId, type TenantId, type UserId } from '#core/index.ts';
import { byPrincipal, type PeopleDeps } from './people-deps.ts';

/**
 * Ends one session of a person, or with no id all of them. It acts on the next request.
 * @throws {AppError} request.not_found when the person has no such session.
 */
export async function endSession(
  deps: PeopleDeps,
  principal: Principal,
  of: { readonly tenantId: TenantId; readonly userId: UserId; readonly id?: SessionId | undefined },
): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const open = await deps.sessions.listOf(of.tenantId, of.userId, nowMs);
  if (of.id !== undefined && !open.some(({ id }) => id === of.id))
    throw new AppError('request.not_found', 'There is no such session.');
  const fields = { userId: of.userId, sessionId: of.id ?? null };
  await deps.writer.write({
    statements: [deps.sessions.end(of, nowMs)],
    audit: [byPrincipal(principal, 'session.ended', fields, nowMs)],
  });
}
