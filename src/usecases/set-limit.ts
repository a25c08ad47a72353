import { AppError, type Principal } from '#core/index.ts';
import type { Clock, Writer } from '#contracts/index.ts';
import { isLimitSubject, type LimitRule, type LimitStore, type ModelPrice } from '#usage/index.ts';
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
      'A limit is for tenant, each-person, each-key, key:…, group:… or principal:…/….',
      { details: { param: 'subject' } },
    );
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
