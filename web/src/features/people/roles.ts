/** Roles as people choose them, the most common first. */
export const ROLES_SHOWN = [
  'user',
  'collection-owner',
  'operator',
  'auditor',
  'developer',
  'administrator',
  'platform-administrator',
] as const;
export type Role = (typeof ROLES_SHOWN)[number];
