import { AppError, hasPermission, type Principal, type TenantId } from '#core/index.ts';
import { foldUserName } from '#identity/index.ts';
import type { DocumentStore } from '#rag/index.ts';
import { byPrincipal, newToken, type PeopleDeps } from '../people/people-deps.ts';

const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60_000;

/**
 * Makes a tenant: people, rights, keys, limits and records of its own. Returns the secret of the link by which
 * its first administrator makes their account; whoever runs the installation reads none of its texts.
 * @throws {AppError} auth.forbidden, conflict.state when the name is taken.
 */
export async function createTenant(
  deps: PeopleDeps & { readonly documents: DocumentStore },
  principal: Principal,
  request: { readonly name: string; readonly administrator: string },
): Promise<{ readonly tenantId: TenantId; readonly token: string; readonly expiresAtMs: number }> {
  if (!hasPermission(principal, 'tenants.manage'))
    throw new AppError('auth.forbidden', 'You may not make tenants.');
  const known = await deps.documents.listTenants();
  if (known.some(({ name }) => name === request.name))
    throw new AppError('conflict.state', `The name "${request.name}" is taken.`);
  const tenantId = deps.newId('tenant');
  const nowMs = deps.clock.nowMs();
  const token = newToken(deps);
  const expiresAtMs = nowMs + INVITATION_LIFETIME_MS;
  const invitation = {
    tenantId,
    name: foldUserName(request.administrator),
    roles: ['administrator'] as const,
    groups: [],
    attributes: {},
    createdAtMs: nowMs,
    expiresAtMs,
  };
  const created = byPrincipal(principal, 'tenant.created', { tenantId }, nowMs);
  await deps.writer.write({
    statements: [
      deps.documents.createTenant({ id: tenantId, name: request.name, createdAtMs: nowMs }),
      deps.invitations.create(invitation, deps.keyedHash.hash('invitation', token)),
    ],
    // In both records: whose installation it is, and whose tenant.
    audit: [created, { ...created, tenantId }],
  });
  return { tenantId, token, expiresAtMs };
}
