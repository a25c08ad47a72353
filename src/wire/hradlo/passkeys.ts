import { z } from 'zod';

const base64url = z
  .string()
  .regex(/^[\w-]+$/)
  .max(20_000);

/** POST /hradlo/v1/account/passkey-offers: what `navigator.credentials.create` is given. */
export const PasskeyOfferResponse = z.object({
  challenge: base64url,
  relyingParty: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: base64url, name: z.string(), displayName: z.string() }),
  /** ES256 and EdDSA; the person must be verified and the key must be discoverable. */
  algorithms: z.array(z.number()),
  known: z.array(base64url),
});

/** POST /hradlo/v1/account/passkeys: what the browser made, each part base64url. */
export const NewPasskeyBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  challenge: base64url,
  clientData: base64url,
  attestation: base64url,
});
export type NewPasskeyBody = z.infer<typeof NewPasskeyBody>;

/** GET /hradlo/v1/account/passkeys */
export const PasskeysResponse = z.object({
  passkeys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      createdAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type PasskeysResponse = z.infer<typeof PasskeysResponse>;

/** POST /hradlo/v1/passkey-challenges: what `navigator.credentials.get` is given. */
export const PasskeyChallengeResponse = z.object({ challenge: base64url, relyingPartyId: z.string() });

/** POST /hradlo/v1/passkey-session */
export const PasskeySignInBody = z.strictObject({
  challenge: base64url,
  credentialId: base64url,
  clientData: base64url,
  authenticatorData: base64url,
  signature: base64url,
});
export type PasskeySignInBody = z.infer<typeof PasskeySignInBody>;
