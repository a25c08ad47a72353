import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrate, appliedMigrations } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { openForWriting } from './open.ts';

test('every migration runs on an empty database, once', () => {
  const database = openForWriting(':memory:');
  const numbers = MIGRATIONS.map((migration) => migration.number);
  assert.deepEqual(migrate(database, MIGRATIONS, 1), numbers);
  assert.deepEqual(migrate(database, MIGRATIONS, 2), []);
  assert.deepEqual(appliedMigrations(database), numbers);
});

test('migrations are numbered upwards, each number once', () => {
  const numbers = MIGRATIONS.map((migration) => migration.number);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].toSorted((a, b) => a - b),
  );
});

test('a migration that fails leaves nothing behind', () => {
  const database = openForWriting(':memory:');
  const broken = {
    number: 1,
    name: 'broken',
    sql: 'CREATE TABLE a (b TEXT) STRICT; CREATE TABLE a (b TEXT)',
  };
  assert.throws(() => migrate(database, [broken], 1), /Migration 1 \(broken\) failed/);
  assert.deepEqual(appliedMigrations(database), []);
  assert.equal(migrate(database, [{ ...broken, sql: 'CREATE TABLE a (b TEXT) STRICT' }], 1).length, 1);
});

test('a database of a newer version is refused in words', () => {
  const database = openForWriting(':memory:');
  migrate(database, [{ number: 9, name: 'later', sql: 'SELECT 1' }], 1);
  assert.throws(() => migrate(database, MIGRATIONS, 1), /newer version/);
});

test('the audit chain refuses to be rewritten', () => {
  const database = openForWriting(':memory:');
  migrate(database, MIGRATIONS, 1);
  database.exec(`INSERT INTO audit_event VALUES ('c', 1, 't', 'k', 1, 'i', 's', '{}', 'p', 'h')`);
  assert.throws(() => database.exec(`UPDATE audit_event SET kind = 'x'`), /append-only/);
  assert.throws(() => database.exec('DELETE FROM audit_event'), /append-only/);
});
