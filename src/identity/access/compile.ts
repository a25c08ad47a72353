import type { Principal, TenantId } from '#core/index.ts';
import { holds, nextChangeMs, type Condition, type DecisionContext } from './condition.ts';
import type { JudgedPolicy } from './decide.ts';
import type { Entry } from './policy.ts';
import { subjectsOf, type Subject } from './subject.ts';

/** A policy made ready to be judged for many principals: grants by subject instead of in lists. */
export interface CompiledPolicy {
  readonly tenantId: TenantId;
  /** Undefined means without condition. */
  readonly allows: ReadonlyMap<Subject, readonly (Condition | undefined)[]>;
  readonly denies: ReadonlyMap<Subject, readonly (Condition | undefined)[]>;
  readonly rules: readonly Condition[];
}

/** Compiles a policy with its collection's current grants. Says yes exactly where `decide` does. */
export function compilePolicy({ tenantId, policy, grants }: JudgedPolicy): CompiledPolicy {
  const entries = [...grants.filter(({ effect }) => effect === 'deny' || policy.inherits), ...policy.entries];
  return {
    tenantId,
    allows: bySubject(entries.filter(({ effect }) => effect === 'allow')),
    denies: bySubject(entries.filter(({ effect }) => effect === 'deny')),
    rules: policy.rules,
  };
}

function bySubject(entries: readonly Entry[]): Map<Subject, (Condition | undefined)[]> {
  const map = new Map<Subject, (Condition | undefined)[]>();
  for (const { subject, condition } of entries) {
    const conditions = map.get(subject);
    if (conditions) conditions.push(condition);
    else map.set(subject, [condition]);
  }
  return map;
}

/** The predicate over compiled policies for one principal. */
export function predicateFor(
  principal: Principal,
  context: DecisionContext,
): (compiled: CompiledPolicy) => boolean {
  const subjects = subjectsOf(principal);
  const isEffective = (condition: Condition | undefined): boolean =>
    condition === undefined || holds(condition, principal, context);
  const matches = (entries: CompiledPolicy['allows']): boolean => {
    for (const subject of subjects) {
      if (entries.get(subject)?.some(isEffective) === true) return true;
    }
    return false;
  };
  return ({ tenantId, allows, denies, rules }) =>
    tenantId === principal.tenantId && matches(allows) && !matches(denies) && rules.every(isEffective);
}

/** The first time after `nowMs` at which the verdict on this policy may change by time alone. */
export function policyChangesAtMs({ allows, denies, rules }: CompiledPolicy, nowMs: number): number {
  let earliest = Infinity;
  for (const condition of [...[...allows.values(), ...denies.values()].flat(), ...rules]) {
    if (condition !== undefined) earliest = Math.min(earliest, nextChangeMs(condition, nowMs));
  }
  return earliest;
}
