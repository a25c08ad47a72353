import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteUnit } from '#contracts/index.ts';
import { expectId, isAppError } from '#core/index.ts';
import { openForWriting } from './open.ts';
import { UnitWriter } from './unit-writer.ts';

const tenantId = expectId('tenant', `ten_${'0'.repeat(26)}`);
const insert = (id: number): WriteUnit => ({
  statements: [{ sql: 'INSERT INTO thing (id) VALUES (?) RETURNING id', parameters: [id] }],
  audit: [
    { kind: 'thing.made', tenantId, actor: { issuer: 'test', subject: 'test' }, atMs: 1, fields: { id } },
  ],
});

function makeWriter() {
  const database = openForWriting(':memory:');
  database.exec(
    'CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE happened (kind TEXT) STRICT',
  );
  const writer = new UnitWriter(database, (connection, events) => {
    for (const event of events) connection.prepare('INSERT INTO happened VALUES (?)').run(event.kind);
    return events.map((event, index) => ({ chainId: 'test', sequence: index + 1, hash: event.kind }));
  });
  const count = (table: string) =>
    Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
  return { writer, count, database };
}

test('a unit and its audit events happen together, and what it returns comes back', () => {
  const { writer, count } = makeWriter();
  const [outcome] = writer.writeBatch([insert(7)]);
  assert.ok(outcome?.ok);
  assert.deepEqual(outcome.result.rows, [[{ id: 7 }]]);
  assert.deepEqual([count('thing'), count('happened')], [1, 1]);
});

test('a unit that fails is undone with its events and harms no neighbour', () => {
  const { writer, count } = makeWriter();
  const broken = { ...insert(2), statements: [...insert(2).statements, ...insert(1).statements] };
  const outcomes = writer.writeBatch([insert(1), broken, insert(3)]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.ok),
    [true, false, true],
  );
  assert.deepEqual([count('thing'), count('happened')], [2, 2]);
});

test('a guard that does not hold refuses the unit in words', () => {
  const { writer, count } = makeWriter();
  const guard = {
    sql: 'SELECT 1 FROM thing WHERE id = ?',
    parameters: [1],
    expect: 'some',
    message: 'It is gone.',
  } as const;
  const [refused] = writer.writeBatch([{ ...insert(2), guards: [guard] }]);
  assert.ok(refused && !refused.ok && isAppError(refused.error, 'conflict.state'));
  assert.equal(refused.error.message, 'It is gone.');
  assert.equal(count('thing'), 0);
  const [, allowed] = writer.writeBatch([insert(1), { ...insert(2), guards: [guard] }]);
  assert.ok(allowed?.ok);
});

test('when the commit fails, nobody in the batch is told otherwise', () => {
  const { writer, count, database } = makeWriter();
  database.exec(
    'CREATE TABLE late (thing INTEGER REFERENCES thing(id) DEFERRABLE INITIALLY DEFERRED) STRICT',
  );
  const late = { statements: [{ sql: 'INSERT INTO late VALUES (99)', parameters: [] }], audit: [] };
  const outcomes = writer.writeBatch([insert(1), late]);
  assert.ok(outcomes.every((outcome) => !outcome.ok));
  assert.equal(count('thing'), 0);
});
