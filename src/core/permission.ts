import type { Principal, Role } from './principal.ts';

/**
 * What a route may ask of a principal. Permissions say what one may do; what one may read is for grants alone:
 * no role reads a text by itself.
 */
export const PERMISSIONS = [
  /** Ask questions and chat. */
  'ask',
  /** List and read collections and documents that grants allow. */
  'documents.read',
  /** Put documents into a collection, and take them out. */
  'documents.write',
  /** Certificates and lineage of answers. */
  'answers.read',
  /** One's own sessions, keys, passphrase. */
  'account.own',
  'people.read',
  /** People, groups, roles, invitations, everybody's keys and sessions. */
  'people.manage',
  /** Make collections, grant access to them and say what holds for one document. */
  'rights.manage',
  /** Who may see what and why. */
  'rights.explain',
  'audit.read',
  'usage.read',
  'limits.manage',
  'models.manage',
  'policies.manage',
  'evaluations.run',
  /** State of the machine: health in detail, jobs, configuration, metrics. */
  'operations.read',
  'operations.manage',
  /** Tenants of this installation. */
  'tenants.manage',
  /** Read a text without a grant, with a reason, audited. */
  'texts.break-glass',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const USER: readonly Permission[] = ['account.own', 'answers.read', 'ask', 'documents.read'];

/** What each role may do. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  'platform-administrator': [
    'account.own',
    'tenants.manage',
    'operations.read',
    'operations.manage',
    'usage.read',
    'limits.manage',
    'models.manage',
    'audit.read',
    'texts.break-glass',
  ],
  administrator: PERMISSIONS.filter((permission) => permission !== 'tenants.manage'),
  operator: [
    'account.own',
    'models.manage',
    'operations.read',
    'operations.manage',
    'usage.read',
    'limits.manage',
    'evaluations.run',
  ],
  'collection-owner': [...USER, 'documents.write', 'rights.manage', 'rights.explain', 'people.read'],
  user: USER,
  auditor: ['account.own', 'audit.read', 'answers.read', 'usage.read', 'people.read', 'rights.explain'],
  developer: [...USER, 'usage.read', 'evaluations.run'],
};

/** Whether a role of the principal carries the permission and, for a key, its scope does too. */
export function hasPermission(principal: Principal, permission: Permission): boolean {
  const { authentication, roles } = principal;
  const scope = authentication.kind === 'api-key' ? authentication.scope?.permissions : undefined;
  if (scope !== undefined && !scope.includes(permission)) return false;
  return roles.some((role) => ROLE_PERMISSIONS[role].includes(permission));
}

/** Whether the principal may ask a model; a key may be held to some. `hradlo` stands for `hradlo/…` too. */
export function mayAskModel({ authentication }: Principal, model: string): boolean {
  const models = authentication.kind === 'api-key' ? authentication.scope?.models : undefined;
  return models === undefined || models.some((name) => model === name || model.startsWith(`${name}/`));
}
