import { z } from 'zod';
import { PERMISSIONS, ROLES } from '#core/index.ts';

const passphrase = z.string().min(1).max(1024);
const displayName = z.string().trim().min(1).max(200);
/** The name of an account: what one types to sign in. */
export const AccountName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,99}$/u, 'letters, digits and . _ @ -, at least two');

/** GET /hradlo/v1/session: who one is. `open` while nobody has an account and this machine is let in. */
export const SessionResponse = z.object({
  state: z.enum(['open', 'signed-in', 'signed-out']),
  person: z
    .object({
      id: z.string(),
      displayName: z.string(),
      roles: z.array(z.enum(ROLES)),
      permissions: z.array(z.enum(PERMISSIONS)),
    })
    .nullable(),
  /** Sent back as the header `x-hradlo-csrf` with every change. */
  csrfToken: z.string().nullable(),
});
export type SessionResponse = z.infer<typeof SessionResponse>;

/** POST /hradlo/v1/session */
export const SignInBody = z.strictObject({
  tenant: z.string().max(200).optional(),
  name: z.string().min(1).max(200),
  passphrase,
  code: z.string().max(10).optional(),
});
export type SignInBody = z.infer<typeof SignInBody>;

/** POST /hradlo/v1/set-up: the first administrator, with the secret of the first start's link. */
export const SetUpBody = z.strictObject({
  token: z.string().min(1).max(200),
  name: AccountName,
  displayName,
  passphrase,
});
export type SetUpBody = z.infer<typeof SetUpBody>;

/** POST /hradlo/v1/invitation: the account of an invited person. */
export const AcceptInvitationBody = z.strictObject({
  token: z.string().min(1).max(200),
  displayName,
  passphrase,
});
export type AcceptInvitationBody = z.infer<typeof AcceptInvitationBody>;

/** GET /hradlo/v1/sessions: one's own. */
export const SessionsResponse = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      isCurrent: z.boolean(),
      address: z.string(),
      agent: z.string(),
      createdAt: z.iso.datetime(),
      lastSeenAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
    }),
  ),
});
export type SessionsResponse = z.infer<typeof SessionsResponse>;

/** PUT /hradlo/v1/account/passphrase */
export const ChangePassphraseBody = z.strictObject({ current: passphrase, next: passphrase });
/** POST /hradlo/v1/account/totp */
export const TotpOfferResponse = z.object({ secret: z.string(), uri: z.string(), proof: z.string() });
/** PUT /hradlo/v1/account/totp */
export const ConfirmTotpBody = z.strictObject({
  proof: z.string().max(500),
  code: z.string().max(10),
  passphrase,
});
/** DELETE /hradlo/v1/account/totp */
export const RemoveTotpBody = z.strictObject({ passphrase });
