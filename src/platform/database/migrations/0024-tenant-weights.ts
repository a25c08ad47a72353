import type { Migration } from '../migrate.ts';

/** What share of the installation a tenant has, relative to others; one that is not named has 1. */
export const tenantWeights: Migration = {
  number: 24,
  name: 'tenant-weights',
  sql: `
CREATE TABLE tenant_weight (
  tenant_id TEXT PRIMARY KEY REFERENCES tenant(id), weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000)
) STRICT, WITHOUT ROWID;
`,
};
