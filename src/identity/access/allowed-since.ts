import type { Principal } from '#core/index.ts';
import { holds, type DecisionContext } from './condition.ts';
import type { AclPolicy, Entry } from './policy.ts';
import { subjectsOf, type Subject } from './subject.ts';

/** When things came about that a decision rests on, in wall time. */
export interface AccessTimes {
  /** Since when the principal answers to a group or role; what is missing is not known. */
  readonly memberships: ReadonlyMap<Subject, number>;
  /** Since when the principal exists. */
  readonly createdAtMs: number;
  /** When the exception was last said; undefined where there is none. */
  readonly overriddenAtMs: number | undefined;
}

/**
 * Since when a principal may read what carries this policy: of every grant that lets them, the later of when it
 * was given and when they came to answer to its subject; of those the earliest. Undefined when none lets them.
 * Attributes have no history: a grant with a condition counts from when it was given.
 */
export function allowedSinceMs(
  principal: Principal,
  judged: {
    readonly policy: AclPolicy;
    readonly grants: readonly (Entry & { readonly createdAtMs: number })[];
  },
  { context, times }: { readonly context: DecisionContext; readonly times: AccessTimes },
): number | undefined {
  const subjects = subjectsOf(principal);
  const lets = ({ effect, subject, condition }: Entry): boolean =>
    effect === 'allow' &&
    subjects.has(subject) &&
    (condition === undefined || holds(condition, principal, context));
  const since = (givenAtMs: number, subject: Subject): number =>
    Math.max(givenAtMs, times.createdAtMs, times.memberships.get(subject) ?? 0);
  const inherited = judged.policy.inherits ? judged.grants.filter(lets) : [];
  const own = judged.policy.entries.filter(lets);
  const all = [
    ...inherited.map(({ createdAtMs, subject }) => since(createdAtMs, subject)),
    ...own.map(({ subject }) => since(times.overriddenAtMs ?? times.createdAtMs, subject)),
  ];
  return all.length === 0 ? undefined : Math.min(...all);
}
