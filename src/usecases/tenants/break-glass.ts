import {
  AppError,
  hasPermission,
  type AccessFilter,
  type Principal,
  type TenantId,
  type VersionId,
} from '#core/index.ts';
import type { Clock, Writer } from '#contracts/index.ts';
import type { AccessFilters } from '#identity/index.ts';
import { byPrincipal } from '../people/people-deps.ts';

export interface BreakGlassDeps {
  readonly accessFilters: AccessFilters;
  readonly writer: Writer;
  readonly clock: Clock;
}

export interface BreakGlassRequest {
  /** One's own tenant when undefined. */
  readonly tenantId: TenantId | undefined;
  readonly versionId: VersionId;
  /** Why; it stands in the record of the tenant whose text is read. */
  readonly reason: string;
}

/**
 * Lets somebody read one text that no grant lets them read. The record, with the reason, is durable before the
 * text is fetched; `read` gets a filter that is good for this one time.
 * @throws {AppError} auth.forbidden; input.invalid without a reason; record.unavailable.
 */
export async function breakGlass<Text>(
  deps: BreakGlassDeps,
  principal: Principal,
  request: BreakGlassRequest,
  read: (access: AccessFilter) => Promise<Text>,
): Promise<Text> {
  const tenantId = request.tenantId ?? principal.tenantId;
  const isForeign = tenantId !== principal.tenantId;
  const mayRead =
    hasPermission(principal, 'texts.break-glass') &&
    (!isForeign || hasPermission(principal, 'tenants.manage'));
  if (!mayRead) throw new AppError('auth.forbidden', 'You may not read without a grant.');
  const reason = request.reason.trim();
  if (reason === '')
    throw new AppError('input.invalid', 'Say why: the reason is recorded.', { details: { param: 'reason' } });
  const fields = { versionId: request.versionId, reason, from: principal.tenantId };
  const event = byPrincipal(principal, 'text.glass_broken', fields, deps.clock.nowMs());
  await deps.writer.write({ statements: [], audit: isForeign ? [{ ...event, tenantId }, event] : [event] });
  return read(await deps.accessFilters.withoutGrants(tenantId));
}
