import type { Migration } from '../migrate.ts';

/**
 * What an asker hands on to those who keep the documents: the right answer beside a rated one, or a question that
 * found none. Sealed under the asker's key.
 */
export const answerNotes: Migration = {
  number: 61,
  name: 'answer-notes',
  sql: `
CREATE TABLE answer_note (
  answer_id TEXT NOT NULL REFERENCES answer(id), kind TEXT NOT NULL CHECK (kind IN ('correction','escalation')),
  tenant_id TEXT NOT NULL REFERENCES tenant(id), key_id TEXT NOT NULL REFERENCES content_key(id),
  sealed BLOB NOT NULL, created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,
  settled_at_ms INTEGER, settled_by TEXT,
  PRIMARY KEY (answer_id, kind)
) STRICT;
CREATE INDEX answer_note_by_key ON answer_note (key_id);
CREATE INDEX answer_note_by_age ON answer_note (tenant_id, created_at_ms);
`,
};
