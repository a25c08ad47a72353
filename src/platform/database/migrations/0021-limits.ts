import type { Migration } from '../migrate.ts';

/**
 * Limits and what is left of them. A bucket's row is a floor: after a restart never more is left than was, at
 * most a little less.
 */
export const limits: Migration = {
  number: 21,
  name: 'limits',
  sql: `
CREATE TABLE limit_rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  -- 'tenant', 'each-person', 'each-key', 'key:…', 'group:…' or 'principal:…'
  subject TEXT NOT NULL,
  metric TEXT NOT NULL CHECK (metric IN ('requests','tokens','concurrency','cost')),
  amount INTEGER NOT NULL CHECK (amount >= 0), window_ms INTEGER NOT NULL CHECK (window_ms > 0),
  created_at_ms INTEGER NOT NULL, UNIQUE (tenant_id, subject, metric, window_ms)
) STRICT;

CREATE TABLE limit_bucket (
  tenant_id TEXT NOT NULL REFERENCES tenant(id), rule_id INTEGER NOT NULL, holder TEXT NOT NULL,
  floor INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (rule_id, holder)
) STRICT, WITHOUT ROWID;

-- Millionths of the currency unit per thousand tokens.
CREATE TABLE model_price (
  tenant_id TEXT NOT NULL REFERENCES tenant(id), model TEXT NOT NULL,
  input_micro INTEGER NOT NULL CHECK (input_micro >= 0), output_micro INTEGER NOT NULL CHECK (output_micro >= 0),
  updated_at_ms INTEGER NOT NULL, PRIMARY KEY (tenant_id, model)
) STRICT, WITHOUT ROWID;
`,
};
