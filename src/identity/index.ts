// Identity: who asks and what they may read: people, groups, keys, sessions, grants, and the one decision.
// Owns: tables user_*, session, api_key, invitation, collection_grant, collection_owner, access_*, policy_generation.
// Never: logs a credential, keeps one in the clear, or reads a text.
// Bound by: ADR 10 (access filter as proof).
export { ErasureStore } from './people/erasure-store.ts';
export {
  AccessFilters,
  type AccessRequest,
  type PolicySnapshot,
  type PolicySource,
} from './access/access-filters.ts';
export { AccessStore, type Grant, type OverrideTarget, type StatedOverride } from './access/access-store.ts';
export { allowedSinceMs, type AccessTimes } from './access/allowed-since.ts';
export { conditionText, type Condition, type DecisionContext } from './access/condition.ts';
export { decide, type Decision, type JudgedPolicy, type Reason } from './access/decide.ts';
export {
  basePolicy,
  encodePolicy,
  overlay,
  policyDigest,
  type AclPolicy,
  type Entry,
  type Override,
} from './access/policy.ts';
export { parsePolicy, readEntry, readOverride } from './access/policy-schema.ts';
export { OwnerStore, type CollectionOwner } from './access/owner-store.ts';
export { reviewKey, ReviewStore, type ReviewMark, type ReviewedAccess } from './access/review-store.ts';
export { isSubject, subjectOf, subjectsOf, type Subject } from './access/subject.ts';
export { makeApiKeyText } from './credentials/api-key-text.ts';
export { KeyedHash } from './credentials/keyed-hash.ts';
export {
  PASSKEY_ALGORITHMS,
  readNewPasskey,
  verifyPasskey,
  type Passkey,
  type PasskeyAssertion,
  type PasskeyContext,
} from './credentials/passkey.ts';
export { PasskeyChallenges } from './credentials/passkey-challenges.ts';
export { checkPassphrase } from './credentials/passphrase.ts';
export { PassphraseHasher } from './credentials/passphrase-hasher.ts';
export { Sealer } from './credentials/sealed.ts';
export { SignInThrottle } from './credentials/sign-in-throttle.ts';
export { SignInFailureStore } from './people/sign-in-failure-store.ts';
export { encodeBase32, totpUri, verifyTotp } from './credentials/totp.ts';
export type { IdentitySchema } from './identity-schema.ts';
export { isAddressOrNetwork } from './people/address.ts';
export { ApiKeyStore, type ApiKey } from './people/api-key-store.ts';
export {
  authenticateKey,
  authenticateSession,
  csrfToken,
  SESSION_LIFETIME_MS,
  type AuthenticationDeps,
  type SignedIn,
} from './people/authentication.ts';
export { GroupStore, type Group } from './people/group-store.ts';
export { InvitationStore, type Invitation } from './people/invitation-store.ts';
export { PasskeyStore, type OwnedPasskey } from './people/passkey-store.ts';
export { LOCAL_ISSUER, toPrincipal } from './people/principal.ts';
export { SessionStore, type Session } from './people/session-store.ts';
export { UserStore } from './people/user-store.ts';
export { foldUserName, type User, type UserCredentials } from './people/user.ts';
