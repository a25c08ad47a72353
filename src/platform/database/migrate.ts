import type { DatabaseSync } from 'node:sqlite';

/** One step forward of the schema. There is no way back: restore a backup instead. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS schema_migration (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL
) STRICT`;

/** Numbers already applied, ascending; empty for a new file. */
export function appliedMigrations(database: DatabaseSync): number[] {
  database.exec(BOOKKEEPING);
  return database
    .prepare('SELECT number FROM schema_migration ORDER BY number')
    .all()
    .map((row) => Number(row['number']));
}

/**
 * Brings the schema up to date. Each migration and its bookkeeping are one transaction, so a kill between or
 * inside them leaves a state from which the next start goes on. Returns the numbers it applied.
 * @throws {Error} when the file was written by a newer version, or a migration is missing.
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[], nowMs: number): number[] {
  const applied = new Set(appliedMigrations(database));
  const known = new Set(migrations.map((migration) => migration.number));
  const foreign = [...applied].filter((number) => !known.has(number));
  if (foreign.length > 0) {
    throw new Error(
      `The database was written by a newer version of Hradlo (migration ${foreign.join(', ')} is not known here). ` +
        'Start that version, or restore a backup made by this one.',
    );
  }
  const pending = migrations.filter((migration) => !applied.has(migration.number));
  for (const migration of pending.toSorted((a, b) => a.number - b.number)) apply(database, migration, nowMs);
  return pending.map((migration) => migration.number);
}

function apply(database: DatabaseSync, migration: Migration, nowMs: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(migration.sql);
    database
      .prepare('INSERT INTO schema_migration (number, name, applied_at_ms) VALUES (?, ?, ?)')
      .run(migration.number, migration.name, nowMs);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw new Error(`Migration ${migration.number} (${migration.name}) failed; the database is unchanged.`, {
      cause: error,
    });
  }
}
