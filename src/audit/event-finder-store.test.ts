import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectId, type TenantId } from '#core/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { EventFinder, SELECT_EVENTS, type EventFilter, type EventTime } from './event-finder-store.ts';

const OTHER: TenantId = expectId('tenant', `ten_${'0'.repeat(25)}z`);

async function makeEvents(count: number) {
  const { database, writer } = openTestDatabase();
  const actors = ['eva', 'jan'];
  const audit = Array.from({ length: count }, (_, index) => ({
    kind: index % 3 === 0 ? 'answer.recorded' : 'grant.added',
    tenantId: index % 5 === 4 ? OTHER : TEST_TENANT,
    actor: { issuer: 'hradlo', subject: actors[index % 2]! },
    // Some share their millisecond.
    atMs: 1_000 + Math.floor(index / 2),
    fields: { answerId: `ans_${index}`, number: index },
  }));
  await writer.write({ statements: [], audit });
  const finder = new EventFinder(database);
  /** The numbers of the events that are found, page by page. */
  const find = async (filter: EventFilter, limit: number): Promise<number[]> => {
    const found: number[] = [];
    let after: EventTime | undefined;
    for (;;) {
      const { events, next } = await finder.find(TEST_TENANT, filter, { after, limit });
      found.push(...events.map(({ fields }) => Number(fields['number'])));
      assert.ok(events.length <= limit);
      if (next === undefined) return found;
      after = next;
    }
  };
  return { database, audit, find };
}

test('events of the tenant come newest first, each once, however the pages are cut', async () => {
  const { audit, find } = await makeEvents(700);
  const own = audit.flatMap(({ tenantId }, index) => (tenantId === TEST_TENANT ? [index] : [])).toReversed();
  for (const limit of [1, 7, 100, 1000]) assert.deepEqual(await find({}, limit), own);
});

test('a filter leaves what it names, and nothing else', async () => {
  const { audit, find } = await makeEvents(60);
  const those = (isRight: (event: (typeof audit)[number]) => boolean) =>
    audit
      .flatMap((event, index) => (event.tenantId === TEST_TENANT && isRight(event) ? [index] : []))
      .toReversed();
  assert.deepEqual(
    await find({ kind: 'grant.added' }, 10),
    those(({ kind }) => kind === 'grant.added'),
  );
  assert.deepEqual(
    await find({ kind: 'answer.' }, 10),
    those(({ kind }) => kind.startsWith('answer.')),
  );
  assert.deepEqual(await find({ kind: 'answer' }, 10), []);
  assert.deepEqual(
    await find({ actor: 'eva' }, 10),
    those(({ actor }) => actor.subject === 'eva'),
  );
  assert.deepEqual(await find({ text: 'ANS_33' }, 10), [33]);
  assert.deepEqual(
    await find({ fromMs: 1_005, toMs: 1_010 }, 3),
    those(({ atMs }) => atMs >= 1_005 && atMs < 1_010),
  );
});

test('the list is read out of an index, without sorting', async () => {
  const { database } = await makeEvents(10);
  const plan = database
    .prepare(`EXPLAIN QUERY PLAN ${SELECT_EVENTS}`)
    .all('t', 1, 'c', 1, 0)
    .map((row) => String(row['detail']))
    .join('; ');
  assert.match(plan, /USING INDEX audit_event_by_time/);
  assert.doesNotMatch(plan, /TEMP B-TREE/);
});
