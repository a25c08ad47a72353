import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { frequentQuery, frequentStatement } from './frequent.ts';
import { queryBuilder } from './open.ts';

interface Schema {
  pet: { name: string; kind: string; age: number | null };
}

function open() {
  const database = new DatabaseSync(':memory:');
  database.exec(
    "CREATE TABLE pet (name TEXT, kind TEXT, age INTEGER) STRICT; INSERT INTO pet VALUES ('Rek', 'dog', 3)",
  );
  return { database, db: queryBuilder<Schema>(database) };
}

test('a frequent query is compiled once and asked with the values of each call', async () => {
  const { db } = open();
  let built = 0;
  const find = frequentQuery(db, (kind: string, age: number) => {
    built += 1;
    return db.selectFrom('pet').select('name').where('kind', '=', kind).where('age', '>=', age);
  });
  assert.deepEqual(await find('dog', 5), []);
  assert.deepEqual(
    (await find('dog', 3)).map(({ name }) => name),
    ['Rek'],
  );
  assert.equal(built, 1);
});

test('a frequent statement binds the fields of each row by their names', () => {
  const { database, db } = open();
  const insert = frequentStatement((row: Schema['pet']) => db.insertInto('pet').values(row));
  for (const row of [
    { name: 'Micka', kind: 'cat', age: null },
    { age: 2, kind: 'cat', name: 'Mourek' },
  ]) {
    const { sql, parameters } = insert(row);
    database.prepare(sql).run(...parameters);
  }
  const rows = database.prepare("SELECT name, age FROM pet WHERE kind = 'cat' ORDER BY name").all();
  assert.deepEqual(
    rows.map(({ name, age }) => [name, age]),
    [
      ['Micka', null],
      ['Mourek', 2],
    ],
  );
});

test('a query that binds something of its own, or in another order, is refused', async () => {
  const { db } = open();
  const turned = frequentQuery(db, (kind: string, name: string) =>
    db.selectFrom('pet').selectAll().where('name', '=', name).where('kind', '=', kind),
  );
  await assert.rejects(turned('dog', 'Rek'), TypeError);
  const literal = frequentQuery(db, (name: string) =>
    db.selectFrom('pet').selectAll().where('name', '=', name).where('kind', '=', 'dog'),
  );
  await assert.rejects(literal('Rek'), TypeError);
});
