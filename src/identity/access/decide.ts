import type { Principal, TenantId } from '#core/index.ts';
import { holds, type Condition, type DecisionContext } from './condition.ts';
import type { AclPolicy, Entry } from './policy.ts';
import { subjectsOf, type Subject } from './subject.ts';

/** All that a decision about one access set rests on. */
export interface JudgedPolicy {
  readonly tenantId: TenantId;
  readonly policy: AclPolicy;
  /** The grants of the policy's collection, as they are now. */
  readonly grants: readonly Entry[];
}

/** Why a decision came out as it did; codes with parameters, so that they can be said in any language. */
export type Reason =
  | { readonly code: 'tenant.foreign' }
  /** Said by explanations; a deactivated account never gets as far as a decision. */
  | { readonly code: 'account.deactivated' }
  | { readonly code: 'grant.allows'; readonly from: 'collection' | 'override'; readonly subject: Subject }
  | { readonly code: 'grant.denies'; readonly from: 'collection' | 'override'; readonly subject: Subject }
  /** A grant names the principal, but its own condition does not hold. */
  | {
      readonly code: 'grant.suspended';
      readonly from: 'collection' | 'override';
      readonly subject: Subject;
      readonly condition: Condition;
    }
  | { readonly code: 'rule.fails'; readonly condition: Condition }
  | { readonly code: 'grant.missing' };

export interface Decision {
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
}

/**
 * Whether the principal may read what carries this policy, and why. Nothing is allowed that no grant allows;
 * one effective denial outweighs every grant; every rule must hold. Pure: the one place that says yes.
 */
export function decide(principal: Principal, judged: JudgedPolicy, context: DecisionContext): Decision {
  if (principal.tenantId !== judged.tenantId)
    return { allowed: false, reasons: [{ code: 'tenant.foreign' }] };
  const reasons = [...grantReasons(principal, judged, context)];
  for (const condition of judged.policy.rules) {
    if (!holds(condition, principal, context)) reasons.push({ code: 'rule.fails', condition });
  }
  const has = (code: Reason['code']): boolean => reasons.some((reason) => reason.code === code);
  if (!has('grant.allows')) reasons.push({ code: 'grant.missing' });
  return { allowed: has('grant.allows') && !has('grant.denies') && !has('rule.fails'), reasons };
}

/** What each grant that names the principal does here. */
function* grantReasons(
  principal: Principal,
  judged: JudgedPolicy,
  context: DecisionContext,
): Iterable<Reason> {
  const subjects = subjectsOf(principal);
  const inherited = judged.grants.filter(({ effect }) => effect === 'deny' || judged.policy.inherits);
  const sources = [
    { from: 'collection', entries: inherited },
    { from: 'override', entries: judged.policy.entries },
  ] as const;
  for (const { from, entries } of sources) {
    for (const entry of entries) {
      if (!subjects.has(entry.subject)) continue;
      yield reasonOf(entry, from, !entry.condition || holds(entry.condition, principal, context));
    }
  }
}

function reasonOf(entry: Entry, from: 'collection' | 'override', isEffective: boolean): Reason {
  const { subject, condition } = entry;
  if (!isEffective && condition !== undefined) return { code: 'grant.suspended', from, subject, condition };
  return { code: entry.effect === 'allow' ? 'grant.allows' : 'grant.denies', from, subject };
}
