import { z } from 'zod';
import { DATA_CLASSES, ROLES } from '#core/index.ts';
import { AccountName } from '../hradlo/session.ts';

const AttributesShape = z.record(
  z.string().regex(/^[a-z][a-z0-9_-]{0,49}$/),
  z.array(z.string().min(1).max(200)).max(100),
);
const isLevel = (value: string): boolean => DATA_CLASSES.some((level) => level === value);
/** Attributes that somebody sets: a clearance that no rule knows would shut a person out without a word. */
const AttributesBody = AttributesShape.refine(({ clearance = [] }) => clearance.every(isLevel), {
  path: ['clearance'],
  error: `a clearance is one of ${DATA_CLASSES.join(', ')}`,
});
const groupIds = z.array(z.string()).max(1000);

/** GET /admin/v1/people */
export const PeopleResponse = z.object({
  people: z.array(
    z.object({
      id: z.string(),
      /** A program's account acts by its keys; nobody signs in to it. */
      kind: z.enum(['person', 'service']),
      name: z.string(),
      displayName: z.string(),
      roles: z.array(z.enum(ROLES)),
      groups: groupIds,
      attributes: AttributesShape,
      isActive: z.boolean(),
      createdAt: z.iso.datetime(),
      signedInAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type PeopleResponse = z.infer<typeof PeopleResponse>;

/** PATCH /admin/v1/people/{userId}: what is not there stays as it is. */
export const PersonChangeBody = z.strictObject({
  displayName: z.string().trim().min(1).max(200).optional(),
  roles: z.array(z.enum(ROLES)).optional(),
  groups: groupIds.optional(),
  attributes: AttributesBody.optional(),
  isActive: z.boolean().optional(),
});
export type PersonChangeBody = z.infer<typeof PersonChangeBody>;

/** POST /admin/v1/invitations */
export const InviteBody = z.strictObject({
  name: AccountName,
  roles: z.array(z.enum(ROLES)).min(1).default(['user']),
  groups: groupIds.default([]),
  attributes: AttributesBody.default({}),
});
export type InviteBody = z.infer<typeof InviteBody>;
/** The secret goes into a link `/#/invitation/<token>`; it is shown once. */
export const InviteResponse = z.object({ token: z.string(), expiresAt: z.iso.datetime() });

/** GET /admin/v1/groups */
export const GroupsResponse = z.object({
  groups: z.array(z.object({ id: z.string(), name: z.string(), memberCount: z.number() })),
});
export type GroupsResponse = z.infer<typeof GroupsResponse>;
/** POST /admin/v1/groups */
export const NewGroupBody = z.strictObject({ name: z.string().trim().min(1).max(200) });
/** POST /admin/v1/services */
export const NewServiceBody = z.strictObject({
  name: AccountName,
  displayName: z.string().trim().min(1).max(200).optional(),
  roles: z.array(z.enum(ROLES)).min(1).default(['user']),
  groups: groupIds.default([]),
  attributes: AttributesBody.default({}),
});
export type NewServiceBody = z.infer<typeof NewServiceBody>;
export const NewServiceResponse = z.object({ id: z.string() });
