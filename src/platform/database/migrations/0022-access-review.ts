import type { Migration } from '../migrate.ts';

/**
 * Since when somebody is in a group or has a role, who answers for a collection, and what a review of access said.
 * Who made a collection for themselves before there were owners is its owner.
 */
export const accessReview: Migration = {
  number: 22,
  name: 'access-review',
  sql: `
ALTER TABLE user_group_member ADD COLUMN since_ms INTEGER;
ALTER TABLE user_role ADD COLUMN since_ms INTEGER;

CREATE TABLE collection_owner (
  tenant_id TEXT NOT NULL REFERENCES tenant(id), collection_id TEXT NOT NULL REFERENCES collection(id),
  subject TEXT NOT NULL, created_at_ms INTEGER NOT NULL, created_by TEXT NOT NULL,
  PRIMARY KEY (tenant_id, collection_id, subject)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO collection_owner (tenant_id, collection_id, subject, created_at_ms, created_by)
  SELECT tenant_id, collection_id, subject, created_at_ms, created_by FROM collection_grant
  WHERE effect = 'allow' AND condition IS NULL AND subject = 'principal:' || created_by;

-- One row for each person and what they may read; it holds as long as the reasons are the same.
CREATE TABLE access_review (
  tenant_id TEXT NOT NULL REFERENCES tenant(id), user_id TEXT NOT NULL REFERENCES user_account(id),
  collection_id TEXT NOT NULL REFERENCES collection(id),
  -- A document or chunk of which something of its own is said; empty for the rest of the collection.
  target_id TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('keep','revoke')), note TEXT NOT NULL,
  reasons_digest TEXT NOT NULL, reviewed_at_ms INTEGER NOT NULL, reviewed_by TEXT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, collection_id, target_id)
) STRICT, WITHOUT ROWID;
`,
};
