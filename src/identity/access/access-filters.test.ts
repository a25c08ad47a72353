import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { expectAclSetId, isMinted, mayRead, type Principal } from '#core/index.ts';
import {
  accessCase,
  COLLECTIONS,
  condition,
  context,
  grants,
  override,
  principal,
  TENANTS,
} from '#test/access-arbitraries.ts';
import { AccessFilters, type PolicySnapshot } from './access-filters.ts';
import { canonicalCondition, conditionText, holds, nextChangeMs } from './condition.ts';
import { decide } from './decide.ts';
import {
  basePolicy,
  canonicalPolicy,
  encodePolicy,
  overlay,
  policyDigest,
  type AclPolicy,
  type Entry,
} from './policy.ts';
import { conditionSchema, parsePolicy } from './policy-schema.ts';
import { isSubject, subjectsOf } from './subject.ts';

const [tenantId] = TENANTS as [(typeof TENANTS)[0]];
const [contracts, personnel] = COLLECTIONS as [(typeof COLLECTIONS)[0], (typeof COLLECTIONS)[0]];
const aSet = expectAclSetId(1);

function person(name: string, fields: Partial<Principal> = {}): Principal {
  return {
    tenantId,
    issuer: 'hradlo',
    subject: name,
    displayName: name,
    groups: [],
    roles: ['user'],
    attributes: {},
    authentication: { kind: 'system' },
    ...fields,
  };
}
const allow = (subject: Entry['subject'], when?: Entry['condition']): Entry => ({
  effect: 'allow',
  subject,
  condition: when,
});

/** A world whose policies and clock a test can change. */
function makeWorld(policy: AclPolicy = basePolicy(contracts), given: readonly Entry[] = []) {
  const world = { generation: 1, nowMs: 100, loads: 0, grants: given, policy };
  const filters = new AccessFilters(
    {
      generation: async () => world.generation,
      load: async (): Promise<PolicySnapshot> => {
        world.loads += 1;
        return {
          sets: [{ id: aSet, policy: world.policy }],
          grants: new Map([[contracts, world.grants]]),
          collections: new Map([
            ['contracts', contracts],
            ['personnel', personnel],
          ]),
        };
      },
    },
    { nowMs: () => world.nowMs, monotonicMs: () => 0 },
  );
  return { world, filters };
}

test('without a grant nothing is readable', async () => {
  const { filters } = makeWorld();
  assert.equal((await filters.filterFor(person('anna'))).aclSets.size, 0);
});

test('a grant taken away acts on the next query', async () => {
  const { world, filters } = makeWorld(undefined, [allow('group:grp_a')]);
  const anna = person('anna', { groups: ['grp_a'] });
  const before = await filters.filterFor(anna);
  assert.ok(isMinted(before) && mayRead(before, aSet, contracts));
  world.grants = [];
  world.generation += 1;
  assert.equal((await filters.filterFor(anna)).aclSets.size, 0);
});

test('a membership that ended acts on the next query, without a new generation', async () => {
  const { filters } = makeWorld(undefined, [allow('group:grp_a')]);
  assert.equal((await filters.filterFor(person('anna', { groups: ['grp_a'] }))).aclSets.size, 1);
  assert.equal((await filters.filterFor(person('anna'))).aclSets.size, 0);
});

test('a cached filter ends with the time window it rests on', async () => {
  const until = { kind: 'during', fromMs: null, toMs: 200 } as const;
  const { world, filters } = makeWorld(undefined, [allow('everyone', until)]);
  const anna = person('anna');
  const before = await filters.filterFor(anna);
  world.nowMs = 199;
  assert.equal(await filters.filterFor(anna), before, 'still cached');
  world.nowMs = 200;
  assert.equal((await filters.filterFor(anna)).aclSets.size, 0);
  assert.equal(world.loads, 1);
});

test('a collection that shows nothing is as unknown as one that does not exist', async () => {
  const { filters } = makeWorld(undefined, [allow('principal:hradlo/anna')]);
  const errorOf = (name: string) =>
    filters.filterFor(person('bob'), { collections: [name] }).catch((error: Error) => error.message);
  assert.equal(await errorOf('contracts'), 'No collection is called "contracts".');
  assert.equal(await errorOf('no-such'), 'No collection is called "no-such".');
  assert.deepEqual([...(await filters.readableCollections(person('anna'))).keys()], ['contracts']);
  assert.deepEqual([...(await filters.readableCollections(person('bob'))).keys()], []);
});

test('who may read one shared document sees its collection by name', async () => {
  const shared = overlay(basePolicy(contracts), {
    inherits: true,
    entries: [allow('principal:hradlo/bob')],
    rules: [],
  });
  const { filters } = makeWorld(shared, []);
  const filter = await filters.filterFor(person('bob'), { collections: ['contracts'] });
  assert.ok(mayRead(filter, aSet, contracts));
  assert.ok(!mayRead(filter, aSet, personnel), 'narrowed to the named collection');
});

test('equal filters have equal fingerprints, unequal ones do not', async () => {
  const { filters } = makeWorld(undefined, [allow('group:grp_a')]);
  const anna = await filters.filterFor(person('anna', { groups: ['grp_a'] }));
  const bob = await filters.filterFor(person('bob', { groups: ['grp_a', 'grp_b'] }));
  const cyril = await filters.filterFor(person('cyril'));
  assert.equal(anna.fingerprint, bob.fingerprint);
  assert.notEqual(anna.fingerprint, cyril.fingerprint);
});

test('the filter says yes exactly where the decision does, for random people and policies', async () => {
  await fc.assert(
    fc.asyncProperty(accessCase, async (given) => {
      const document = given.document ?? { inherits: true, entries: [], rules: [] };
      const policy = overlay(basePolicy(contracts), document);
      const { world, filters } = makeWorld(policy, given.grants);
      world.nowMs = given.context.nowMs;
      const who = { ...given.principal, tenantId };
      const filter = await filters.filterFor(who, { purpose: given.context.purpose });
      const judged = { tenantId, policy, grants: given.grants };
      assert.equal(filter.aclSets.has(aSet), decide(who, judged, given.context).allowed);
    }),
    { numRuns: 500 },
  );
});

test('nobody of another tenant is allowed anything', () => {
  const stranger = person('anna', { tenantId: TENANTS[1]! });
  const judged = { tenantId, policy: basePolicy(contracts), grants: [allow('everyone')] };
  const decision = decide(stranger, judged, { nowMs: 0, purpose: undefined });
  assert.deepEqual(decision, { allowed: false, reasons: [{ code: 'tenant.foreign' }] });
});

test('one effective denial outweighs every grant, and more denials never open anything', () => {
  fc.assert(
    fc.property(principal, context, grants, override, (who, when, given, document) => {
      const policy = overlay(basePolicy(contracts), document);
      const before = decide(who, { tenantId, policy, grants: given }, when);
      const denied = [...given, { effect: 'deny', subject: 'everyone', condition: undefined } as const];
      assert.equal(decide(who, { tenantId, policy, grants: denied }, when).allowed, false);
      const [first] = subjectsOf(who);
      const narrowed = overlay(policy, {
        inherits: true,
        entries: [{ effect: 'deny', subject: first!, condition: undefined }],
        rules: [],
      });
      assert.ok(!decide(who, { tenantId, policy: narrowed, grants: given }, when).allowed || before.allowed);
    }),
  );
});

test('a rule narrows and never widens', () => {
  fc.assert(
    fc.property(principal, context, grants, condition, (who, when, given, rule) => {
      const policy = basePolicy(contracts);
      const ruled = overlay(policy, { inherits: true, entries: [], rules: [rule] });
      const before = decide(who, { tenantId, policy, grants: given }, when).allowed;
      const after = decide(who, { tenantId, policy: ruled, grants: given }, when).allowed;
      assert.equal(after, before && holds(rule, who, when));
    }),
  );
});

test('an override that does not inherit keeps what was denied further up', () => {
  const document = overlay(basePolicy(contracts), {
    inherits: false,
    entries: [allow('everyone')],
    rules: [],
  });
  const given: readonly Entry[] = [
    { effect: 'deny', subject: 'principal:hradlo/anna', condition: undefined },
  ];
  const judged = { tenantId, policy: document, grants: given };
  const when = { nowMs: 0, purpose: undefined };
  assert.equal(decide(person('anna'), judged, when).allowed, false);
  assert.equal(decide(person('bob'), judged, when).allowed, true);
});

test('the reasons of a refusal name what failed', () => {
  const rule = { kind: 'clearance', atLeast: 'confidential' } as const;
  const policy = overlay(basePolicy(contracts), { inherits: true, entries: [], rules: [rule] });
  const decision = decide(
    person('anna', { attributes: { clearance: ['internal', 'cosmic'] } }),
    { tenantId, policy, grants: [allow('everyone')] },
    { nowMs: 0, purpose: undefined },
  );
  assert.deepEqual(decision, {
    allowed: false,
    reasons: [
      { code: 'grant.allows', from: 'collection', subject: 'everyone' },
      { code: 'rule.fails', condition: rule },
    ],
  });
});

test('a person of whom an attribute is not known passes no condition on it', () => {
  const rule = { kind: 'noneOf', attribute: 'department', values: ['sales'] } as const;
  const when = { nowMs: 0, purpose: undefined };
  assert.equal(holds(rule, person('anna'), when), false);
  assert.equal(holds(rule, person('anna', { attributes: { department: ['legal'] } }), when), true);
  assert.equal(holds({ ...rule, attribute: 'constructor' }, person('anna'), when), false);
});

test('the canonical spelling means the same and is a fixed point', () => {
  fc.assert(
    fc.property(condition, principal, context, (given, who, when) => {
      const canonical = canonicalCondition(given);
      assert.equal(holds(canonical, who, when), holds(given, who, when));
      assert.equal(conditionText(canonicalCondition(canonical)), conditionText(canonical));
      assert.deepEqual(conditionSchema.parse(JSON.parse(conditionText(canonical))), canonical);
    }),
    { numRuns: 500 },
  );
});

test('a verdict changes by time alone only at the time that was foretold', () => {
  fc.assert(
    fc.property(condition, principal, context, fc.nat(20), (given, who, when, later) => {
      const nowMs = when.nowMs + later;
      if (nowMs >= nextChangeMs(given, when.nowMs)) return;
      assert.equal(holds(given, who, { ...when, nowMs }), holds(given, who, when));
    }),
    { numRuns: 500 },
  );
});

test('equal policies share one digest whatever the order and the doubles', () => {
  fc.assert(
    fc.property(override, (given) => {
      const policy: AclPolicy = { collectionId: contracts, ...given };
      const shuffled: AclPolicy = {
        collectionId: contracts,
        inherits: given.inherits,
        entries: [...given.entries.toReversed(), ...given.entries],
        rules: [...given.rules, ...given.rules].toReversed(),
      };
      assert.equal(policyDigest(shuffled), policyDigest(policy));
      assert.deepEqual(parsePolicy(encodePolicy(policy)), canonicalPolicy(policy));
    }),
  );
});

test('an unlike policy has another digest', () => {
  const strict = overlay(basePolicy(contracts), { inherits: false, entries: [], rules: [] });
  const digests = [basePolicy(contracts), basePolicy(personnel), strict].map(policyDigest);
  assert.equal(new Set(digests).size, 3);
});

test('subjects from outside are read strictly', () => {
  for (const good of ['everyone', 'group:grp_a', 'role:auditor', 'principal:hradlo/a%2Fb'])
    assert.ok(isSubject(good), good);
  for (const bad of ['', 'group:', 'role:king', 'principal:anna', 'principal:a/b/c', 'Everyone', 'group:a b'])
    assert.ok(!isSubject(bad), bad);
});

test('a condition nested deeper than anyone needs is refused', () => {
  let deep: unknown = { kind: 'purpose', values: ['audit'] };
  for (let depth = 0; depth < 10; depth++) deep = { kind: 'all', of: [deep] };
  assert.equal(conditionSchema.safeParse(deep).success, false);
});
