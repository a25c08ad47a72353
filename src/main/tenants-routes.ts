import type { TenantsRouteDeps } from '#gateway/index.ts';
import { ORDINARY_WEIGHT } from '#usage/index.ts';
import { breakGlass, createCollection, createTenant, setTenantWeight } from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import { readPassage } from './passage.ts';

/** Wires collections, tenants and the breaking of the glass. */
export function createTenantsRouteDeps(parts: Parts): TenantsRouteDeps {
  const { documents, people } = parts;
  return {
    createCollection: (principal, body) => createCollection(parts, principal, body),
    async listTenants() {
      const weights = await parts.limitStore.listWeights();
      const tenants = await documents.listTenants();
      return tenants.map(({ id, name }) => ({ id, name, weight: weights.get(id) ?? ORDINARY_WEIGHT }));
    },
    setWeight: (principal, tenantId, weight) => setTenantWeight(parts, principal, { tenantId, weight }),
    async createTenant(principal, body) {
      const { tenantId, token, expiresAtMs } = await createTenant({ ...people, documents }, principal, body);
      return { id: tenantId, token, expiresAt: new Date(expiresAtMs).toISOString() };
    },
    breakGlass: (principal, request) =>
      breakGlass(parts, principal, request, (access) => readPassage(parts, request.versionId, access)),
  };
}
