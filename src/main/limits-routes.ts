import { AppError, hasPermission, type Principal } from '#core/index.ts';
import type { LimitsRouteDeps } from '#gateway/index.ts';
import { INSTALLATION, type LimitState } from '#usage/index.ts';
import { removeLimit, setLimit, setPrice } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

const SECOND_MS = 1000;

/** Limits that somebody may see: those of the whole installation only who runs it. */
async function managed({ limitStore }: Parts, principal: Principal) {
  const rules = await limitStore.listRules(principal.tenantId);
  const mayAll = hasPermission(principal, 'tenants.manage');
  return rules.filter(({ subject }) => mayAll || subject !== INSTALLATION);
}

/** Wires limits and prices. */
export function createLimitsRouteDeps(parts: Parts): LimitsRouteDeps {
  return {
    listLimits: async (principal) =>
      (await managed(parts, principal)).map(({ id, subject, metric, amount, windowMs }) => ({
        id,
        subject,
        metric,
        amount,
        windowSeconds: windowMs / SECOND_MS,
      })),
    listOwn: async (principal) =>
      (await parts.limits.statesOf(principal)).map(({ rule, remaining, resetMs }) => ({
        metric: rule.metric,
        amount: rule.amount,
        windowSeconds: rule.windowMs / SECOND_MS,
        remaining,
        resetSeconds: Number.isFinite(resetMs) ? Math.ceil(resetMs / SECOND_MS) : null,
      })),
    async limitUse(principal, id) {
      const isManaged = (await managed(parts, principal)).some((rule) => rule.id === id);
      const states = isManaged ? await parts.limits.holdersOf(principal.tenantId, id) : undefined;
      if (states === undefined) throw new AppError('request.not_found', 'There is no such limit.');
      return states.map(({ holder, remaining, running, resetMs }) => ({
        holder,
        remaining,
        running,
        resetSeconds: Number.isFinite(resetMs) ? Math.ceil(resetMs / SECOND_MS) : null,
      }));
    },
    listPrices: async ({ tenantId }) => [...(await parts.limitStore.listPrices(tenantId))],
    setLimit: (principal, { windowSeconds, ...body }) =>
      setLimit(parts, principal, { ...body, windowMs: windowSeconds * SECOND_MS }),
    removeLimit: (principal, id) => removeLimit(parts, principal, id),
    setPrice: (principal, body) => setPrice(parts, principal, body),
  };
}

/** The tightest limit of each metric that clients of OpenAI know, as their headers. */
export async function limitHeaders(
  parts: Parts,
  principal: Principal,
): Promise<Readonly<Record<string, string>>> {
  const headers: Record<string, string> = {};
  const states = await parts.limits.statesOf(principal);
  for (const metric of ['requests', 'tokens'] as const) {
    const tightest = tightestOf(states.filter(({ rule }) => rule.metric === metric));
    if (tightest === undefined) continue;
    headers[`x-ratelimit-limit-${metric}`] = String(tightest.rule.amount);
    headers[`x-ratelimit-remaining-${metric}`] = String(tightest.remaining);
    const resetMs = Math.min(tightest.resetMs, tightest.rule.windowMs);
    headers[`x-ratelimit-reset-${metric}`] = `${Math.ceil(resetMs / SECOND_MS)}s`;
  }
  return headers;
}

function tightestOf(states: readonly LimitState[]): LimitState | undefined {
  const shareOf = ({ rule, remaining }: LimitState): number => remaining / Math.max(1, rule.amount);
  return states.toSorted((a, b) => shareOf(a) - shareOf(b))[0];
}
