import type { Migration } from '../migrate.ts';

/**
 * Conversations of people: their names and turns are sealed under the person's key, as the texts of answers are.
 * Erasing the person deletes the rows and destroys the key.
 */
export const conversations: Migration = {
  number: 60,
  name: 'conversations',
  sql: `
CREATE TABLE conversation (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  issuer TEXT NOT NULL, subject TEXT NOT NULL, key_id TEXT NOT NULL REFERENCES content_key(id),
  sealed_title BLOB NOT NULL, created_at_ms INTEGER NOT NULL, updated_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL, deleted_at_ms INTEGER
) STRICT;
CREATE INDEX conversation_by_person ON conversation (tenant_id, issuer, subject, updated_at_ms DESC);
CREATE INDEX conversation_by_key ON conversation (key_id);
CREATE INDEX conversation_by_expiry ON conversation (expires_at_ms);

CREATE TABLE conversation_turn (
  conversation_id TEXT NOT NULL REFERENCES conversation(id), id TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenant(id), key_id TEXT NOT NULL REFERENCES content_key(id),
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  state TEXT NOT NULL CHECK (state IN ('open','ended','cancelled','failed')),
  answer_id TEXT, sealed BLOB NOT NULL, updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, id), UNIQUE (conversation_id, ordinal)
) STRICT;
CREATE INDEX conversation_turn_by_key ON conversation_turn (key_id);
CREATE INDEX conversation_turn_open ON conversation_turn (state) WHERE state = 'open';
`,
};
