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
  SignInFailureStore,
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
  readonly signInFailures: SignInFailureStore;
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
  const keyedHash = new KeyedHash(secretKey);
  const signInFailures = new SignInFailureStore(database);
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
    signInFailures,
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
      keyedHash,
      passphrases: new PassphraseHasher(randomBytes),
      throttle: composeThrottle(signInFailures, keyedHash, base),
      sealer: new Sealer(secretKey, randomBytes),
      passkeys: new PasskeyStore(database),
      challenges: new PasskeyChallenges(base.clock, randomBytes),
    },
  };
}

function composeThrottle(
  store: SignInFailureStore,
  keyedHash: KeyedHash,
  { clock, writer }: { readonly clock: Clock; readonly writer: Writer },
): SignInThrottle {
  // What could not be kept holds until the next start all the same; that a write failed is the writer's to say.
  const keep = (statement: Statement) =>
    void writer.write({ statements: [statement], audit: [] }).catch(() => undefined);
  return new SignInThrottle({
    clock,
    hash: (key) => keyedHash.hash('sign-in', key),
    save: (failures) => keep(store.put(failures)),
    remove: (keyHash) => keep(store.remove(keyHash)),
  });
}

/** Takes up the failed sign-ins from before the start, and forgets what is too old to count. */
export async function restoreThrottle({
  people: { throttle, writer },
  signInFailures,
}: Pick<IdentityParts, 'people' | 'signInFailures'>): Promise<void> {
  const { sinceMs } = throttle;
  throttle.restore(await signInFailures.list(sinceMs));
  await writer.write({ statements: [signInFailures.removeBefore(sinceMs)], audit: [] });
}
