import { z } from 'zod';
import { AccountName } from '../hradlo/session.ts';

const CollectionName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens');

/** POST /admin/v1/collections */
export const NewCollectionBody = z.strictObject({
  name: CollectionName,
  title: z.string().trim().min(1).max(200),
});

/** POST /admin/v1/tenants */
export const NewTenantBody = z.strictObject({
  name: CollectionName,
  /** The name under which its first administrator will sign in. */
  administrator: AccountName,
});
export const NewTenantResponse = z.object({ id: z.string(), token: z.string(), expiresAt: z.iso.datetime() });
/** GET /admin/v1/tenants */
export const TenantsResponse = z.object({
  tenants: z.array(z.object({ id: z.string(), name: z.string(), weight: z.number() })),
});
/** PATCH /admin/v1/tenants/{tenantId}: its share of the installation, relative to others; 1 is ordinary. */
export const TenantChangeBody = z.strictObject({ weight: z.number().int().min(1).max(1000) });

/** POST /admin/v1/break-glass: one text, without a grant, for a reason that is recorded. */
export const BreakGlassBody = z.strictObject({
  tenantId: z.string().optional(),
  versionId: z.string(),
  reason: z.string().trim().min(10).max(500),
});
