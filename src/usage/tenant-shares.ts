import type { Clock } from '#contracts/index.ts';
import type { TenantId } from '#core/index.ts';
import type { LimitRule } from './limit-rule.ts';
import { ORDINARY_WEIGHT } from './limit-store.ts';

/** A tenant that did not ask for so long leaves its share to the others, however long the window of a limit. */
const MAX_IDLE_MS = 60 * 60_000;
/** For requests at once, which have no window. */
const CONCURRENT_IDLE_MS = 60_000;

/**
 * The shares of tenants in limits of the whole installation: amount × weight ÷ the weights of all tenants that asked
 * lately. One that floods the machine spends its own share alone; one that is idle leaves its share to the others.
 */
export class TenantShares {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #askedAtMs = new Map<TenantId, number>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Notes that somebody of the tenant asks. */
  note(tenantId: TenantId): void {
    this.#askedAtMs.set(tenantId, this.#clock.monotonicMs());
  }

  /** The part of a limit that is a tenant's now: at least one, so that nobody is shut out by rounding. */
  shareOf(rule: LimitRule, tenantId: TenantId, weights: ReadonlyMap<TenantId, number>): LimitRule {
    const windowMs = rule.metric === 'concurrency' ? CONCURRENT_IDLE_MS : rule.windowMs;
    const sinceMs = this.#clock.monotonicMs() - Math.min(windowMs, MAX_IDLE_MS);
    const weightOf = (id: TenantId): number => weights.get(id) ?? ORDINARY_WEIGHT;
    let total = weightOf(tenantId);
    for (const [id, askedAtMs] of this.#askedAtMs)
      if (id !== tenantId && askedAtMs >= sinceMs) total += weightOf(id);
    const amount = Math.floor((rule.amount * weightOf(tenantId)) / total);
    return { ...rule, amount: Math.max(Math.min(1, rule.amount), amount) };
  }
}
