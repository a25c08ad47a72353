import type { TenantsRouteDeps } from '#gateway/index.ts';
import { breakGlass, createCollection, createTenant } from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import { readPassage } from './passage.ts';

/** Wires collections, tenants and the breaking of the glass. */
export function createTenantsRouteDeps(parts: Parts): TenantsRouteDeps {
  const { documents, people } = parts;
  return {
    createCollection: (principal, body) => createCollection(parts, principal, body),
    listTenants: () => documents.listTenants(),
    async createTenant(principal, body) {
      const { tenantId, token, expiresAtMs } = await createTenant({ ...people, documents }, principal, body);
      return { id: tenantId, token, expiresAt: new Date(expiresAtMs).toISOString() };
    },
    breakGlass: (principal, request) =>
      breakGlass(parts, principal, request, (access) => readPassage(parts, request.versionId, access)),
  };
}
