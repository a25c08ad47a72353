// A program for the proof of migrations: brings a database up to a migration and dies in the midst of it, without a
// word. Arguments: the database file, the number of the migration.
import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS, migrate } from '#platform/index.ts';

const [path = '', number = '0'] = process.argv.slice(2);
const database = new DatabaseSync(path);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
database.function('die', () => {
  process.kill(process.pid, 'SIGKILL');
  return 0;
});
const until = MIGRATIONS.filter((migration) => migration.number <= Number(number));
// After all it does, and before its bookkeeping: the transaction is as long as it can be.
const dying = until.map((migration) =>
  migration.number === Number(number) ? { ...migration, sql: `${migration.sql}; SELECT die();` } : migration,
);
migrate(database, dying, 1);
