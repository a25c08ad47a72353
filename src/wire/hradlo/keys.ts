import { z } from 'zod';
import { PERMISSIONS } from '#core/index.ts';

const KeyScopeShape = z.strictObject({
  permissions: z.array(z.enum(PERMISSIONS)).optional(),
  collections: z.array(z.string()).max(1000).optional(),
  models: z.array(z.string().min(1).max(200)).max(100).optional(),
});

/** POST /hradlo/v1/keys */
export const NewKeyBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  scope: KeyScopeShape.default({}),
  addresses: z.array(z.string().max(100)).max(100).default([]),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type NewKeyBody = z.infer<typeof NewKeyBody>;

const KeyShape = z.object({
  id: z.string(),
  ownerId: z.string(),
  name: z.string(),
  scope: KeyScopeShape,
  addresses: z.array(z.string()),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});

/** GET /hradlo/v1/keys, GET /admin/v1/keys */
export const KeysResponse = z.object({ keys: z.array(KeyShape) });
export type KeysResponse = z.infer<typeof KeysResponse>;
/** The key's text is in this reply and nowhere else. */
export const NewKeyResponse = KeyShape.extend({ key: z.string() });
export type NewKeyResponse = z.infer<typeof NewKeyResponse>;
