import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { insertRows } from './insert-rows.ts';

function makeTable() {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE "a ""b""" (id INTEGER PRIMARY KEY, "order" TEXT) STRICT');
  return {
    run: ({ sql, parameters }: ReturnType<typeof insertRows>) => database.prepare(sql).run(...parameters),
    rows: () =>
      database
        .prepare('SELECT * FROM "a ""b""" ORDER BY id')
        .all()
        .map((row) => ({ ...row })),
  };
}

const TABLE = 'a "b"';

test('rows of one shape are inserted together, whatever their table and columns are called', () => {
  const { run, rows } = makeTable();
  run(
    insertRows(TABLE, [
      { id: 1, order: 'x' },
      { id: 2, order: null },
    ]),
  );
  // The same text again with other values, and another number of rows.
  run(insertRows(TABLE, [{ id: 3, order: "'; --" }]));
  run(insertRows(TABLE, [{ order: 'turned', id: 4 }]));
  assert.deepEqual(rows(), [
    { id: 1, order: 'x' },
    { id: 2, order: null },
    { id: 3, order: "'; --" },
    { id: 4, order: 'turned' },
  ]);
});

test('the ending says what becomes of a row that is there', () => {
  const { run, rows } = makeTable();
  const row = { id: 1, order: 'first' };
  run(insertRows(TABLE, [row], 'on conflict (id) do nothing'));
  run(insertRows(TABLE, [{ ...row, order: 'second' }], 'on conflict (id) do nothing'));
  assert.deepEqual(rows(), [row]);
  assert.throws(() => run(insertRows(TABLE, [row])), /UNIQUE/);
});
