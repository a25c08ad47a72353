import type { Migration } from '../migrate.ts';

/**
 * Texts of questions and answers, sealed under a key per person that lies outside the database. Erasing a person
 * destroys the key and deletes the rows; the row of the key stays, to say when.
 */
export const content: Migration = {
  number: 11,
  name: 'content',
  sql: `
CREATE TABLE content_key (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  issuer TEXT NOT NULL, subject TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, erased_at_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX content_key_in_use ON content_key (tenant_id, issuer, subject) WHERE erased_at_ms IS NULL;
CREATE INDEX content_key_by_person ON content_key (tenant_id, issuer, subject);

CREATE TABLE content (
  answer_id TEXT NOT NULL REFERENCES answer(id), kind TEXT NOT NULL CHECK (kind IN ('question','answer')),
  tenant_id TEXT NOT NULL REFERENCES tenant(id), key_id TEXT NOT NULL REFERENCES content_key(id),
  sealed BLOB NOT NULL, created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,
  PRIMARY KEY (answer_id, kind)
) STRICT;
CREATE INDEX content_by_key ON content (key_id);
CREATE INDEX content_by_expiry ON content (expires_at_ms);
`,
};
