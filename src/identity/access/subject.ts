import { principalKey, ROLES, type Principal, type Role } from '#core/index.ts';

/**
 * Whom a grant is for, in its one spelling: `everyone` (of the tenant), `group:<id>`, `role:<role>`, or
 * `principal:<issuer>/<subject>` with both parts percent-encoded.
 */
export type Subject = 'everyone' | `group:${string}` | `role:${Role}` | `principal:${string}`;

const KNOWN_ROLES: ReadonlySet<string> = new Set(ROLES);
const MAX_SUBJECT_LENGTH = 400;

/** Whether `text` is a well-formed subject. That the group or person exists is for the caller to know. */
export function isSubject(text: string): text is Subject {
  if (text === 'everyone') return true;
  if (text.length > MAX_SUBJECT_LENGTH) return false;
  const [kind, name] = splitOnce(text);
  if (kind === 'role') return KNOWN_ROLES.has(name);
  if (kind === 'group') return /^[^\s/]+$/u.test(name);
  return kind === 'principal' && /^[^\s/]+\/[^\s/]+$/u.test(name);
}

function splitOnce(text: string): [kind: string, name: string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** The subject that stands for one person or service. */
export function subjectOf(principal: Pick<Principal, 'issuer' | 'subject'>): Subject {
  return `principal:${principalKey(principal)}`;
}

/** Every subject that a principal answers to. */
export function subjectsOf(principal: Principal): ReadonlySet<Subject> {
  return new Set<Subject>([
    'everyone',
    subjectOf(principal),
    ...principal.groups.map((group): Subject => `group:${group}`),
    ...principal.roles.map((role): Subject => `role:${role}`),
  ]);
}
