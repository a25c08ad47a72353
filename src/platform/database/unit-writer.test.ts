import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { AppError } from '#core/index.ts';
import { isFatal, toFailure } from './failure.ts';
import { FatalWriteError, UnitWriter, type ChainEvents } from './unit-writer.ts';

const noChain: ChainEvents = () => [];

function makeWriter(chain = noChain) {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE item (id TEXT PRIMARY KEY) STRICT');
  const ids = () =>
    database
      .prepare('SELECT id FROM item ORDER BY id')
      .all()
      .map((row) => row['id']);
  return { database, ids, writer: new UnitWriter(database, chain) };
}

const insert = (id: string) => ({ sql: 'INSERT INTO item VALUES (?)', parameters: [id] });
const unit = (...ids: string[]) => ({ statements: ids.map(insert), audit: [] });

test('units of one batch succeed together', () => {
  const { writer, ids } = makeWriter();
  const outcomes = writer.writeBatch([unit('a'), unit('b')]);
  assert.ok(outcomes.every(({ ok }) => ok));
  assert.deepEqual(ids(), ['a', 'b']);
});

test('a unit that fails is undone as a whole and does not harm its neighbours', () => {
  const { writer, ids } = makeWriter();
  const outcomes = writer.writeBatch([unit('a'), unit('b', 'a'), unit('c')]);
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    [true, false, true],
  );
  assert.deepEqual(ids(), ['a', 'c']);
});

test('a guard that does not hold refuses its unit', () => {
  const { writer, ids } = makeWriter();
  const guard = {
    sql: 'SELECT 1 FROM item',
    parameters: [],
    expect: 'some' as const,
    message: 'Nothing is there.',
  };
  const [outcome] = writer.writeBatch([{ ...unit('a'), guards: [guard] }]);
  assert.ok(outcome?.ok === false && outcome.error instanceof AppError);
  assert.equal(outcome.error.code, 'conflict.state');
  assert.deepEqual(ids(), []);
});

test('rows of RETURNING come back per statement', () => {
  const { writer } = makeWriter();
  const statement = { sql: 'INSERT INTO item VALUES (?) RETURNING id', parameters: ['a'] };
  const [outcome] = writer.writeBatch([{ statements: [statement], audit: [] }]);
  assert.deepEqual(outcome?.ok && outcome.result.rows, [[{ id: 'a' }]]);
});

test('on a full disk every unit of the batch is refused and nothing is changed', () => {
  const { writer, database, ids } = makeWriter();
  database.exec('PRAGMA max_page_count = 3');
  const large = { sql: 'INSERT INTO item VALUES (?)', parameters: ['x'.repeat(100_000)] };
  const outcomes = writer.writeBatch([unit('a'), { statements: [large], audit: [] }]);
  for (const outcome of outcomes) {
    assert.ok(!outcome.ok && outcome.error instanceof AppError);
    assert.equal(outcome.error.code, 'storage.full');
  }
  assert.deepEqual(ids(), []);
  assert.ok(writer.writeBatch([unit('b')])[0]?.ok, 'and writing goes on');
});

test('after a failed write nothing is acknowledged', () => {
  const broken = Object.assign(new Error('disk I/O error'), { errcode: 1034 });
  const { writer } = makeWriter(() => {
    throw broken;
  });
  assert.throws(() => writer.writeBatch([unit('a')]), FatalWriteError);
});

test('a damaged file is fatal and says so', () => {
  const damaged = Object.assign(new Error('database disk image is malformed'), { errcode: 267 });
  assert.ok(isFatal(damaged));
  const failure = toFailure(damaged);
  assert.ok(failure instanceof AppError && failure.code === 'storage.damaged');
});
