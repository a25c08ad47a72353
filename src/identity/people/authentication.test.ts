import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { makeId } from '#core/index.ts';
import { queryBuilder } from '#platform/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { KeyedHash } from '../credentials/keyed-hash.ts';
import { SignInThrottle, type SignInFailures } from '../credentials/sign-in-throttle.ts';
import type { IdentitySchema } from '../identity-schema.ts';
import { isAddressOrNetwork, isFrom } from './address.ts';
import { ApiKeyStore } from './api-key-store.ts';
import {
  authenticateSession,
  SESSION_IDLE_MS,
  SESSION_LIFETIME_MS,
  type AuthenticationDeps,
} from './authentication.ts';
import { SessionStore } from './session-store.ts';
import { UserStore } from './user-store.ts';

const HOUR = 60 * 60_000;
const userId = makeId('user', new Uint8Array(16).fill(1));
const sessionId = makeId('session', new Uint8Array(16).fill(2));
const FIRST_TOKEN = 'first';

let time: { nowMs: number };
let deps: AuthenticationDeps;
let later: Promise<unknown>[];
beforeEach(async () => {
  time = { nowMs: 1_000_000_000 };
  later = [];
  const { database, writer } = openTestDatabase();
  const db = queryBuilder<IdentitySchema>(database);
  const keyedHash = new KeyedHash(new Uint8Array(32).fill(9));
  const users = new UserStore(db);
  const sessions = new SessionStore(db);
  let tokens = 0;
  deps = {
    users,
    sessions,
    keys: new ApiKeyStore(db),
    keyedHash,
    clock: { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs },
    newToken: () => `token-${++tokens}`,
    write: (unit) => writer.write(unit),
    writeLater: (statements, audit) => void later.push(writer.write({ statements, audit })),
  };
  const user = { kind: 'person', name: 'jana', displayName: 'Jana', passphraseHash: undefined } as const;
  const account = { ...user, id: userId, tenantId: TEST_TENANT, attributes: {}, roles: [], groups: [] };
  const at = time.nowMs;
  const session = {
    id: sessionId,
    tenantId: TEST_TENANT,
    userId,
    address: '127.0.0.1',
    agent: 'test',
    createdAtMs: at,
    lastSeenAtMs: at,
    rotatedAtMs: at,
    expiresAtMs: at + SESSION_LIFETIME_MS,
  };
  await writer.write({
    statements: [
      ...users.create({ ...account, createdAtMs: at }),
      sessions.create(session, keyedHash.hash('session', FIRST_TOKEN)),
    ],
    audit: [],
  });
});

async function arrive(token: string): Promise<string | undefined> {
  const { freshToken, principal } = await authenticateSession(deps, token);
  assert.equal(principal.subject, userId);
  await Promise.all(later);
  return freshToken;
}
const isRefused = (token: string) => assert.rejects(arrive(token), { code: 'auth.required' });

test('a token is replaced after an hour, and the old one holds for requests under way', async () => {
  assert.equal(await arrive(FIRST_TOKEN), undefined);
  time.nowMs += HOUR + 1;
  const fresh = await arrive(FIRST_TOKEN);
  assert.equal(fresh, 'token-1');
  assert.equal(await arrive(FIRST_TOKEN), undefined, 'a parallel request gets no third token');
  assert.equal(await arrive('token-1'), undefined);
});

test('once the new token was seen and a minute passed, the old one is worth nothing', async () => {
  time.nowMs += HOUR + 1;
  await arrive(FIRST_TOKEN);
  time.nowMs += 61_000;
  await arrive('token-1');
  await isRefused(FIRST_TOKEN);
});

test('a reply that was lost on its way ends no session', async () => {
  time.nowMs += HOUR + 1;
  await arrive(FIRST_TOKEN);
  time.nowMs += 61_000;
  assert.equal(
    await arrive(FIRST_TOKEN),
    'token-2',
    'the first token was never seen, so it is replaced again',
  );
  await isRefused('token-1');
  assert.equal(await arrive('token-2'), undefined);
});

test('two requests at the hour replace the token once', async () => {
  time.nowMs += HOUR + 1;
  const both = await Promise.all([arrive(FIRST_TOKEN), arrive(FIRST_TOKEN)]);
  assert.equal(both.filter((token) => token !== undefined).length, 1);
});

test('a session ends by idleness and by age', async () => {
  time.nowMs += SESSION_IDLE_MS;
  await isRefused(FIRST_TOKEN);
});

test('a session in use lives no longer than a week', async () => {
  let token = FIRST_TOKEN;
  for (let hours = 0; hours < 7 * 24 - 2; hours += 6) {
    time.nowMs += 6 * HOUR;
    if (hours + 6 >= 7 * 24) break;
    token = (await arrive(token)) ?? token;
  }
  time.nowMs = 1_000_000_000 + SESSION_LIFETIME_MS;
  await isRefused(token);
});

test('who guesses waits longer each time, and the owner elsewhere does not wait', () => {
  const kept = new Map<string, SignInFailures>();
  const start = () =>
    new SignInThrottle({
      clock: deps.clock,
      hash: (key) => `hash of ${key}`,
      save: (failures) => void kept.set(failures.keyHash, failures),
      remove: (keyHash) => void kept.delete(keyHash),
    });
  const throttle = start();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    throttle.fail('jana', '10.0.0.9');
    try {
      throttle.check('jana', '10.0.0.9');
      waits.push(0);
    } catch (error) {
      waits.push((error as { retryAfterSeconds: number }).retryAfterSeconds);
    }
  }
  assert.deepEqual(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32]);
  throttle.check('jana', '10.0.0.1');
  const restarted = start();
  restarted.restore([...kept.values()]);
  assert.throws(
    () => restarted.check('jana', '10.0.0.9'),
    { retryAfterSeconds: 32 },
    'a restart ends no wait',
  );
  restarted.check('jana', '10.0.0.1');
  time.nowMs += HOUR;
  throttle.check('jana', '10.0.0.9');
});

test('a key is used from its networks only, however the address is written', () => {
  assert.ok(isFrom('10.1.2.3', ['10.0.0.0/8']));
  assert.ok(isFrom('::ffff:10.1.2.3', ['10.0.0.0/8']));
  assert.ok(isFrom('2001:db8::1', ['2001:db8::/32', '10.0.0.0/8']));
  assert.ok(isFrom('anything', []));
  for (const address of ['11.0.0.1', '::1', 'socket', ''])
    assert.ok(!isFrom(address, ['10.0.0.0/8']), address);
  for (const good of ['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'])
    assert.ok(isAddressOrNetwork(good), good);
  for (const bad of ['10.0.0.0/33', 'host', '10.0.0.1/', '']) assert.ok(!isAddressOrNetwork(bad), bad);
});
