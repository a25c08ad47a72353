import { ROLES_SHOWN } from './roles.ts';
import type { Translate } from '../../i18n/index.ts';
import type { Decision, Group, Person } from './people-api.ts';

/** The issuer of people who have an account here. */
export const LOCAL_ISSUER = 'hradlo';

interface Names {
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
}

function sayRole(role: string, t: Translate): string {
  const known = ROLES_SHOWN.find((candidate) => candidate === role);
  return known === undefined ? role : t(`role.${known}`);
}

/** Whom a grant is for, in words: `group:<id>`, `role:<role>`, `principal:<issuer>/<subject>`, `everyone`. */
export function saySubject(subject: string, { people, groups }: Names, t: Translate): string {
  if (subject === 'everyone') return t('rights.everyone');
  const [, kind, rest = ''] = /^(\w+):(.*)$/.exec(subject) ?? [];
  if (kind === 'role') return t('rights.role', { name: sayRole(rest, t) });
  if (kind === 'group') {
    return t('rights.group', { name: groups.find((group) => group.id === rest)?.name ?? rest });
  }
  const id = decodeURIComponent(rest.split('/').at(-1) ?? '');
  return people.find((person) => person.id === id)?.displayName ?? (id || subject);
}

const CODES = [
  'grant.allows',
  'grant.denies',
  'grant.suspended',
  'grant.missing',
  'rule.fails',
  'account.deactivated',
  'tenant.foreign',
] as const;

/** Why somebody may or may not read something, one sentence per reason. */
export function sayReasons(decision: Decision, names: Names, t: Translate): string[] {
  return decision.reasons.map((reason) => {
    const code = CODES.find((known) => known === reason.code);
    if (code === undefined) return reason.code;
    return t(`reason.${code}`, { subject: saySubject(reason.subject ?? '', names, t) });
  });
}
