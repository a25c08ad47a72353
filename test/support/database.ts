import { DatabaseSync } from 'node:sqlite';
import { createChainEvents } from '#audit/index.ts';
import type { Writer } from '#contracts/index.ts';
import { expectId, type TenantId } from '#core/index.ts';
import { MIGRATIONS, migrate, UnitWriter } from '#platform/index.ts';

export const TEST_TENANT: TenantId = expectId('tenant', `ten_${'0'.repeat(26)}`);

/** A real database in memory with the whole schema, one tenant, and a writer that runs each unit at once. */
export function openTestDatabase(): { database: DatabaseSync; writer: Writer } {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA foreign_keys = ON');
  migrate(database, MIGRATIONS, 0);
  database
    .prepare('INSERT INTO tenant (id, name, created_at_ms) VALUES (?, ?, 0)')
    .run(TEST_TENANT, 'default');
  const units = new UnitWriter(database, createChainEvents('test'));
  return {
    database,
    writer: {
      async write(unit) {
        const [outcome] = units.writeBatch([unit]);
        if (!outcome!.ok) throw outcome!.error;
        return outcome!.result;
      },
    },
  };
}
