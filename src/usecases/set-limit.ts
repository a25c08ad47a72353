import { AppError, hasPermission, type Principal, type TenantId } from '#core/index.ts';
import type { Clock, Writer } from '#contracts/index.ts';
import {
  INSTALLATION,
  isLimitSubject,
  type LimitRule,
  type LimitStore,
  type ModelPrice,
} from '#usage/index.ts';
import type { DocumentStore } from '#rag/index.ts';
import { byPrincipal } from './people/people-deps.ts';

export interface LimitDeps {
  readonly writer: Writer;
  readonly limitStore: LimitStore;
  readonly clock: Clock;
}

/**
 * Sets a limit of one's own tenant, in place of one for the same subject, metric and window; what was spent
 * counts on. Returns its id. @throws {AppError} input.invalid for a subject that is none.
 */
export async function setLimit(
  deps: LimitDeps,
  principal: Principal,
  rule: Pick<LimitRule, 'subject' | 'metric' | 'amount' | 'windowMs'>,
): Promise<number> {
  if (!isLimitSubject(rule.subject))
    throw new AppError(
      'input.invalid',
      'A limit is for tenant, each-person, each-key, key:…, group:… or principal:…/…, or for the installation.',
      { details: { param: 'subject' } },
    );
  checkMayLimit(principal, rule.subject);
  const nowMs = deps.clock.nowMs();
  const { tenantId } = principal;
  const { subject, metric, amount, windowMs } = rule;
  const { rows } = await deps.writer.write({
    statements: [deps.limitStore.putRule({ tenantId, subject, metric, amount, windowMs }, nowMs)],
    audit: [byPrincipal(principal, 'limit.set', { subject, metric, amount, windowMs }, nowMs)],
  });
  return Number(rows[0]?.[0]?.['id']);
}

/** Takes a limit away. @throws {AppError} request.not_found */
export async function removeLimit(deps: LimitDeps, principal: Principal, id: number): Promise<void> {
  const rule = (await deps.limitStore.listRules(principal.tenantId)).find((known) => known.id === id);
  if (rule !== undefined) checkMayLimit(principal, rule.subject);
  if (rule === undefined) throw new AppError('request.not_found', 'There is no such limit.');
  const { subject, metric } = rule;
  await deps.writer.write({
    statements: deps.limitStore.removeRule(principal.tenantId, id),
    audit: [byPrincipal(principal, 'limit.removed', { id, subject, metric }, deps.clock.nowMs())],
  });
}

/** Says what a model costs, in millionths of the currency unit per thousand tokens. */
export async function setPrice(deps: LimitDeps, principal: Principal, price: ModelPrice): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const { model, inputMicro, outputMicro } = price;
  await deps.writer.write({
    statements: [deps.limitStore.putPrice(principal.tenantId, price, nowMs)],
    audit: [byPrincipal(principal, 'price.set', { model, inputMicro, outputMicro }, nowMs)],
  });
}

/** @throws {AppError} auth.forbidden for a limit of all tenants, when one does not run the installation. */
function checkMayLimit(principal: Principal, subject: string): void {
  if (subject === INSTALLATION && !hasPermission(principal, 'tenants.manage'))
    throw new AppError('auth.forbidden', 'Only who runs the installation limits all tenants together.', {
      details: { permission: 'tenants.manage' },
    });
}

/**
 * Says what share of the installation a tenant has, relative to others.
 * @throws {AppError} auth.forbidden, request.not_found.
 */
export async function setTenantWeight(
  deps: LimitDeps & { readonly documents: DocumentStore },
  principal: Principal,
  { tenantId, weight }: { readonly tenantId: TenantId; readonly weight: number },
): Promise<void> {
  checkMayLimit(principal, INSTALLATION);
  if (!(await deps.documents.listTenants()).some(({ id }) => id === tenantId))
    throw new AppError('request.not_found', 'There is no such tenant.');
  await deps.writer.write({
    statements: [deps.limitStore.putWeight(tenantId, weight)],
    audit: [byPrincipal(principal, 'tenant.weighed', { tenantId, weight }, deps.clock.nowMs())],
  });
}
