import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Statement, Writer } from '#contracts/index.ts';
import type { NewId } from '#core/index.ts';
import {
  AccessFilters,
  AccessStore,
  ApiKeyStore,
  GroupStore,
  ErasureStore,
  InvitationStore,
  KeyedHash,
  OwnerStore,
  PasskeyChallenges,
  PasskeyStore,
  PassphraseHasher,
  ReviewStore,
  Sealer,
  SessionStore,
  SignInThrottle,
  UserStore,
  type IdentitySchema,
} from '#identity/index.ts';
import { queryBuilder } from '#platform/index.ts';
import { AccessAssignmentStore } from '#rag/index.ts';
import { Limits, LimitStore, type UsageSchema } from '#usage/index.ts';
import { AccessMoves, type PasskeyDeps } from '#usecases/index.ts';

/** Who there is and what they may read: the parts that the use cases about people and rights are handed. */
export interface IdentityParts {
  readonly access: AccessStore;
  readonly owners: OwnerStore;
  readonly reviews: ReviewStore;
  readonly moves: AccessMoves;
  readonly accessFilters: AccessFilters;
  readonly assignments: AccessAssignmentStore;
  readonly people: PasskeyDeps;
  readonly erasures: ErasureStore;
  readonly limitStore: LimitStore;
  readonly limits: Limits;
}

/** Builds them over one connection. `secretKey` never leaves the data folder. */
export function composeIdentity(
  reader: DatabaseSync,
  base: {
    readonly writer: Writer;
    readonly clock: Clock;
    readonly newId: NewId;
    readonly secretKey: Uint8Array;
  },
): IdentityParts {
  const database = queryBuilder<IdentitySchema>(reader);
  const { secretKey, ...shared } = base;
  const access = new AccessStore(database);
  const limitStore = new LimitStore(queryBuilder<UsageSchema>(reader));
  const write = async (statements: readonly Statement[]): Promise<void> => {
    await base.writer.write({ statements, audit: [] });
  };
  return {
    limitStore,
    limits: new Limits({ store: limitStore, clock: base.clock, write }),
    access,
    owners: new OwnerStore(database),
    reviews: new ReviewStore(database),
    moves: new AccessMoves(base.clock),
    accessFilters: new AccessFilters(access, base.clock),
    assignments: new AccessAssignmentStore(queryBuilder(reader)),
    erasures: new ErasureStore(database),
    people: {
      ...shared,
      randomBytes,
      users: new UserStore(database),
      groups: new GroupStore(database),
      sessions: new SessionStore(database),
      keys: new ApiKeyStore(database),
      invitations: new InvitationStore(database),
      keyedHash: new KeyedHash(secretKey),
      passphrases: new PassphraseHasher(randomBytes),
      throttle: new SignInThrottle(base.clock),
      sealer: new Sealer(secretKey, randomBytes),
      passkeys: new PasskeyStore(database),
      challenges: new PasskeyChallenges(base.clock, randomBytes),
    },
  };
}
