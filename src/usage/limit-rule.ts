import { principalKey, type Principal, type TenantId } from '#core/index.ts';

export const LIMIT_METRICS = ['requests', 'tokens', 'concurrency', 'cost'] as const;
/** What is limited: requests and tokens in a time, requests at once, money (millionths) in a time. */
export type LimitMetric = (typeof LIMIT_METRICS)[number];

/**
 * A limit. `each-person` and `each-key` give everyone their own bucket; the other subjects share one: the whole
 * tenant, a group, a person over all of their keys, a key. `installation` is for all tenants together and gives each
 * of those that ask a share by its weight.
 */
export interface LimitRule {
  readonly id: number;
  readonly tenantId: TenantId;
  readonly subject: string;
  readonly metric: LimitMetric;
  readonly amount: number;
  /** Without meaning for `concurrency`. */
  readonly windowMs: number;
}

/** The subject of limits that all tenants share; whoever runs the installation sets them. */
export const INSTALLATION = 'installation';

const SUBJECT =
  /^(installation|tenant|each-person|each-key|key:key_[0-9a-z]+|group:grp_[0-9a-z]+|principal:[^\s/]+\/[^\s/]+)$/;

/** Whether text names whom a limit is for. */
export function isLimitSubject(text: string): boolean {
  return SUBJECT.test(text);
}

/** Whose bucket a principal draws from under this rule; undefined when the rule is not about them. */
export function holderOf({ subject }: Pick<LimitRule, 'subject'>, principal: Principal): string | undefined {
  const { authentication } = principal;
  const person = `principal:${principalKey(principal)}`;
  const key = authentication.kind === 'api-key' ? `key:${authentication.keyId}` : undefined;
  if (subject === INSTALLATION) return `tenant:${principal.tenantId}`;
  if (subject === 'tenant') return 'tenant';
  if (subject === 'each-person') return person;
  if (subject === 'each-key') return key;
  const own = [person, key, ...principal.groups.map((group) => `group:${group}`)];
  return own.includes(subject) ? subject : undefined;
}
