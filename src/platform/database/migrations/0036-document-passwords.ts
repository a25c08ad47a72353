import type { Migration } from '../migrate.ts';

/** Passwords of encrypted files, of a whole source or of one file: sealed, and gone with what they open. */
export const documentPasswords: Migration = {
  number: 36,
  name: 'document-passwords',
  sql: `
CREATE TABLE document_password (
  -- The id of the entry, or of the source for all of its files.
  owner_id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  source_id TEXT NOT NULL REFERENCES document_source(id) ON DELETE CASCADE,
  entry_id TEXT REFERENCES source_entry(id) ON DELETE CASCADE,
  sealed TEXT NOT NULL, created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX document_password_by_source ON document_password (source_id);
CREATE INDEX document_password_by_entry ON document_password (entry_id) WHERE entry_id IS NOT NULL;
`,
};
