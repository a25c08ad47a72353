import type { Authentication, Principal } from '#core/index.ts';
import type { User } from './user.ts';

/** The issuer of accounts kept here. */
export const LOCAL_ISSUER = 'hradlo';

/** Who a local account is in decisions. The subject is the account's id: a new name changes no right. */
export function toPrincipal(user: User, authentication: Authentication): Principal {
  return {
    tenantId: user.tenantId,
    issuer: LOCAL_ISSUER,
    subject: user.id,
    displayName: user.displayName,
    groups: user.groups,
    roles: user.roles,
    attributes: user.attributes,
    authentication,
  };
}
