import type { Migration } from '../migrate.ts';

/**
 * Lists of synonyms by their digest, and which one a tenant chose since when: an answer names the list that it was
 * looked for with, and is made again with that one. No digest: none.
 */
export const synonyms: Migration = {
  number: 47,
  name: 'synonyms',
  sql: `
CREATE TABLE synonym_list (
  tenant_id TEXT NOT NULL REFERENCES tenant (id),
  digest TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (tenant_id, digest)
) STRICT;
CREATE TABLE synonym_choice (
  tenant_id TEXT NOT NULL REFERENCES tenant (id),
  number INTEGER NOT NULL,
  digest TEXT,
  chosen_at_ms INTEGER NOT NULL,
  chosen_by TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number),
  FOREIGN KEY (tenant_id, digest) REFERENCES synonym_list (tenant_id, digest)
) STRICT;`,
};
