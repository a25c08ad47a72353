import { z } from 'zod';
import { expectId, PERMISSIONS, ROLES, type KeyScope, type Role } from '#core/index.ts';

/** Attributes of a person: every name has a list of values. */
export const attributesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_-]{0,49}$/, 'a name of an attribute is lower-case letters and digits'),
  z.array(z.string().min(1).max(200)).max(100),
);

const namesSchema = z.array(z.string());
const rolesSchema = z.array(z.enum(ROLES));

/** What a key narrows its owner to. */
export const keyScopeSchema = z
  .strictObject({
    permissions: z.array(z.enum(PERMISSIONS)).optional(),
    collections: z.array(z.string().transform((text) => expectId('collection', text))).optional(),
    models: z.array(z.string().min(1).max(200)).max(100).optional(),
  })
  .transform(({ permissions, collections, models }): KeyScope => ({
    ...(permissions && { permissions }),
    ...(collections && { collections }),
    ...(models && { models }),
  }));

/** Readers of JSON columns. @throws {z.ZodError} when the row is damaged. */
export const readAttributes = (text: string) => attributesSchema.parse(JSON.parse(text));
export const readNames = (text: string): readonly string[] => namesSchema.parse(JSON.parse(text));
export const readRoles = (text: string): readonly Role[] => rolesSchema.parse(JSON.parse(text));
export const readScope = (text: string): KeyScope => keyScopeSchema.parse(JSON.parse(text));
