import type { Migration } from '../migrate.ts';

/** Snapshots of the search index that were taken: what they are called, and the time that they answer for. */
export const indexSnapshots: Migration = {
  number: 45,
  name: 'index-snapshots',
  sql: `
CREATE TABLE index_snapshot (
  tenant_id TEXT NOT NULL REFERENCES tenant (id),
  id TEXT NOT NULL,
  label TEXT NOT NULL,
  chunks INTEGER NOT NULL,
  extra_bytes INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;`,
};
