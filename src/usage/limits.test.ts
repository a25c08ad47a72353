import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as fc from 'fast-check';
import { expectId, isAppError, makeId, type Principal } from '#core/index.ts';
import { queryBuilder } from '#platform/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { levelAt, waitMs } from './bucket.ts';
import { LimitStore } from './limit-store.ts';
import type { LimitMetric } from './limit-rule.ts';
import { Limits } from './limits.ts';
import type { UsageSchema } from './usage-schema.ts';

const keyId = makeId('key', new Uint8Array(16).fill(1));
const anna: Principal = {
  tenantId: TEST_TENANT,
  issuer: 'hradlo',
  subject: 'anna',
  displayName: 'Anna',
  groups: ['grp_a'],
  roles: ['user'],
  attributes: {},
  authentication: { kind: 'api-key', keyId },
};
const bob: Principal = { ...anna, subject: 'bob', authentication: { kind: 'system' } };
const MINUTE = 60_000;

let time: { nowMs: number };
let opened: ReturnType<typeof openTestDatabase>;
let store: LimitStore;
let writes: number;
beforeEach(() => {
  time = { nowMs: 1_000_000 };
  opened = openTestDatabase();
  store = new LimitStore(queryBuilder<UsageSchema>(opened.database));
  writes = 0;
});

/** What a start of the program makes: nothing in memory, the same database, another monotonic clock. */
function start(bootMs = 0): Limits {
  const startedAtMs = time.nowMs;
  return new Limits({
    store,
    clock: { nowMs: () => time.nowMs, monotonicMs: () => bootMs + time.nowMs - startedAtMs },
    async write(statements) {
      writes += 1;
      await opened.writer.write({ statements, audit: [] });
    },
  });
}

async function limit(subject: string, metric: LimitMetric, amount: number): Promise<void> {
  const rule = { tenantId: TEST_TENANT, subject, metric, amount, windowMs: MINUTE };
  await opened.writer.write({ statements: [store.putRule(rule, 0)], audit: [] });
}

const most = (tokens: number) => ({ tokens, costMicro: 0 });

test('requests beyond the limit are refused with the numbers and the seconds to wait', async () => {
  await limit('each-person', 'requests', 2);
  const limits = start();
  await limits.reserve(anna, most(0));
  await limits.reserve(anna, most(0));
  await assert.rejects(limits.reserve(anna, most(0)), (error) => {
    assert.ok(isAppError(error, 'limit.exceeded'));
    assert.equal(error.retryAfterSeconds, 30);
    assert.deepEqual(error.details, {
      metric: 'requests',
      subject: 'each-person',
      limit: 2,
      remaining: 0,
      windowSeconds: 60,
    });
    return true;
  });
  await limits.reserve(bob, most(0));
  time.nowMs += 30_000;
  await limits.reserve(anna, most(0));
});

test('what a request did not take goes back when it ends', async () => {
  await limit('tenant', 'tokens', 100);
  const limits = start();
  const one = await limits.reserve(anna, most(100));
  await assert.rejects(limits.reserve(bob, most(80)));
  await one.settle(most(10));
  await one.settle(most(0));
  const [state] = await limits.statesOf(bob);
  assert.equal(state?.remaining, 90);
  await limits.reserve(bob, most(80));
});

test('a bucket that holds less than a request may take gives what it has, once', async () => {
  await limit('tenant', 'tokens', 100);
  const limits = start();
  await (await limits.reserve(anna, most(9000))).settle(most(40));
  const last = await limits.reserve(anna, most(9000));
  await assert.rejects(limits.reserve(bob, most(1)));
  await last.settle(most(90));
  await assert.rejects(limits.reserve(bob, most(1)), 'thirty of debt');
});

test('a request that took more than it reserved leaves a debt', async () => {
  await limit('tenant', 'tokens', 100);
  const limits = start();
  const one = await limits.reserve(anna, most(50));
  await one.settle(most(160));
  await assert.rejects(limits.reserve(anna, most(1)));
  time.nowMs += MINUTE / 2;
  await assert.rejects(limits.reserve(anna, most(1)), 'half a minute pays fifty of sixty');
  time.nowMs += MINUTE / 2;
  await limits.reserve(anna, most(1));
});

test('a limit on requests at once counts those that run', async () => {
  await limit('group:grp_a', 'concurrency', 1);
  const limits = start();
  const one = await limits.reserve(anna, most(0));
  await assert.rejects(limits.reserve(bob, most(0)), { code: 'limit.exceeded' });
  await one.settle(most(0));
  await limits.reserve(bob, most(0));
});

test('a refused request takes nothing from any bucket', async () => {
  await limit('each-person', 'tokens', 1000);
  await limit('tenant', 'requests', 1);
  const limits = start();
  await limits.reserve(anna, most(100));
  await assert.rejects(limits.reserve(anna, most(100)));
  const [tokens] = await limits.statesOf(anna);
  assert.equal(tokens?.remaining, 900);
});

test('requests that arrive together cannot pass together', async () => {
  await limit('tenant', 'tokens', 100);
  const limits = start();
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => limits.reserve(anna, most(30))));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 4);
});

test('a changed limit keeps what was spent and what runs', async () => {
  await limit('tenant', 'tokens', 100);
  await limit('tenant', 'concurrency', 1);
  const limits = start();
  const one = await limits.reserve(anna, most(60));
  await limit('tenant', 'tokens', 200);
  await limit('tenant', 'concurrency', 2);
  const [tokens, concurrency] = await limits.statesOf(anna);
  assert.equal(tokens?.remaining, 140);
  assert.equal(concurrency?.remaining, 1);
  await one.settle(most(0));
  assert.deepEqual(
    (await limits.statesOf(anna)).map(({ remaining }) => remaining),
    [200, 2],
  );
});

test('a restart never finds more than was left, and loses at most a tenth', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          take: fc.nat(120),
          spend: fc.nat(120),
          pauseMs: fc.nat(20_000),
          isRestart: fc.boolean(),
        }),
        { maxLength: 30 },
      ),
      async (steps) => {
        opened = openTestDatabase();
        store = new LimitStore(queryBuilder<UsageSchema>(opened.database));
        await limit('tenant', 'tokens', 1000);
        let limits = start();
        for (const { take, spend, pauseMs, isRestart } of steps) {
          time.nowMs += pauseMs;
          const reservation = await limits.reserve(anna, most(take)).catch(() => undefined);
          await reservation?.settle(most(spend));
          const [before] = await limits.statesOf(anna);
          if (!isRestart) continue;
          limits = start(time.nowMs);
          const [after] = await limits.statesOf(anna);
          assert.ok(after!.remaining <= before!.remaining, `${after!.remaining} > ${before!.remaining}`);
          assert.ok(after!.remaining >= before!.remaining - 100 - 2);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('most requests do not write', async () => {
  await limit('tenant', 'requests', 1000);
  const limits = start();
  for (let index = 0; index < 500; index++) await (await limits.reserve(anna, most(0))).settle(most(0));
  assert.ok(writes <= 12, `${writes} writes`);
});

test('when a floor cannot be written nothing is given', async () => {
  await limit('tenant', 'tokens', 100);
  let isBroken = true;
  const limits = new Limits({
    store,
    clock: { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs },
    async write(statements) {
      if (isBroken) throw new Error('disk');
      await opened.writer.write({ statements, audit: [] });
    },
  });
  await assert.rejects(limits.reserve(anna, most(60)), /disk/);
  isBroken = false;
  await limits.reserve(anna, most(100));
  await assert.rejects(limits.reserve(anna, most(60)), { code: 'limit.exceeded' });
});

test('a bucket is never above its size, and waiting as told is enough', () => {
  const shape = fc.record({
    amount: fc.integer({ min: 1, max: 1e6 }),
    windowMs: fc.integer({ min: 1, max: 1e8 }),
  });
  fc.assert(
    fc.property(shape, fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(1e6), (given, level, part) => {
      const wanted = Math.min(given.amount, part);
      const start = Math.min(level, given.amount);
      const wait = waitMs(given, start, wanted);
      const after = levelAt(given, { level: start, atMs: 0 }, wait);
      assert.ok(after <= given.amount);
      assert.ok(after >= wanted - 1e-6 * given.amount);
    }),
  );
});

test('tenants share what is limited for all of them by their weights, and an idle one leaves its share', async () => {
  const other = expectId('tenant', `ten_${'1'.repeat(26)}`);
  opened.database.prepare('INSERT INTO tenant VALUES (?, ?, 0)').run(other, 'jiny');
  const theirs: Principal = { ...anna, tenantId: other };
  await limit('installation', 'tokens', 400);
  await opened.writer.write({ statements: [store.putWeight(other, 3)], audit: [] });
  const limits = start();
  const remainingOf = async (principal: Principal) => (await limits.statesOf(principal))[0]?.remaining;
  await (await limits.reserve(anna, most(10))).settle(most(10));
  assert.equal(await remainingOf(anna), 390, 'alone one has it all');
  await (await limits.reserve(theirs, most(100))).settle(most(100));
  assert.equal(await remainingOf(theirs), 200, 'three quarters, less what they took');
  assert.equal(await remainingOf(anna), 90, 'a quarter, less what one took');
  await (await limits.reserve(anna, most(9000))).settle(most(500));
  await assert.rejects(limits.reserve(anna, most(1)), { code: 'limit.exceeded' });
  await (await limits.reserve(theirs, most(10))).settle(most(10));
  time.nowMs += 2 * MINUTE;
  await limits.reserve(anna, most(1));
  assert.equal(
    await remainingOf(anna),
    89,
    'the others are idle: all of it, less the debt and what one took',
  );
});

test('no tenant gets more than its share, however many ask', async () => {
  await limit('installation', 'concurrency', 10);
  const tenants = [TEST_TENANT, ...[2, 3, 4].map((n) => expectId('tenant', `ten_${String(n).repeat(26)}`))];
  for (const tenantId of tenants.slice(1))
    opened.database.prepare('INSERT INTO tenant VALUES (?, ?, 0)').run(tenantId, tenantId);
  const limits = start();
  // All have asked: from here on the shares are even.
  for (const tenantId of tenants)
    await (await limits.reserve({ ...anna, tenantId }, most(1))).settle(most(1));
  for (const tenantId of tenants) {
    const asked = Array.from({ length: 20 }, () => limits.reserve({ ...anna, tenantId }, most(1)));
    const outcomes = await Promise.allSettled(asked);
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 2, 'a quarter of ten');
  }
});

test('who is refused for what requests under way hold is told to ask again soon, not in a window', async () => {
  await limit('tenant', 'tokens', 100);
  const limits = start();
  const one = await limits.reserve(anna, most(9000));
  await assert.rejects(limits.reserve(bob, most(1)), { retryAfterSeconds: 1 });
  await one.settle(most(160));
  await assert.rejects(limits.reserve(bob, most(1)), { retryAfterSeconds: 37 });
});
