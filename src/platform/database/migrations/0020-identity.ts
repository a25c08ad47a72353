import type { Migration } from '../migrate.ts';

/**
 * People, groups, keys, sessions, grants. Secrets are kept as hashes only. The generation of a tenant's policies
 * grows with every change of what decides about reading, whichever code makes it: triggers see to it.
 */
export const identity: Migration = {
  number: 20,
  name: 'identity',
  sql: `
CREATE TABLE user_account (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  kind TEXT NOT NULL CHECK (kind IN ('person','service')),
  -- Folded to lower case; what one signs in with.
  name TEXT NOT NULL, display_name TEXT NOT NULL,
  passphrase_hash TEXT, totp_secret TEXT, totp_last_step INTEGER NOT NULL DEFAULT 0,
  attributes TEXT NOT NULL DEFAULT '{}',
  created_at_ms INTEGER NOT NULL, signed_in_at_ms INTEGER, deactivated_at_ms INTEGER,
  UNIQUE (tenant_id, name)
) STRICT;
CREATE INDEX user_account_by_name ON user_account (name);

CREATE TABLE user_role (
  user_id TEXT NOT NULL REFERENCES user_account(id), tenant_id TEXT NOT NULL REFERENCES tenant(id),
  role TEXT NOT NULL, PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_group (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id), name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, UNIQUE (tenant_id, name)
) STRICT;

CREATE TABLE user_group_member (
  group_id TEXT NOT NULL REFERENCES user_group(id), user_id TEXT NOT NULL REFERENCES user_account(id),
  tenant_id TEXT NOT NULL REFERENCES tenant(id), PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_group_member_by_user ON user_group_member (user_id);

CREATE TABLE user_passkey (
  credential_id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  user_id TEXT NOT NULL REFERENCES user_account(id), name TEXT NOT NULL,
  public_key TEXT NOT NULL, algorithm INTEGER NOT NULL, sign_count INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL, last_used_at_ms INTEGER
) STRICT;
CREATE INDEX user_passkey_by_user ON user_passkey (user_id);

CREATE TABLE session (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  user_id TEXT NOT NULL REFERENCES user_account(id),
  token_hash TEXT NOT NULL UNIQUE, previous_token_hash TEXT, rotated_at_ms INTEGER NOT NULL,
  address TEXT NOT NULL, agent TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, last_seen_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER
) STRICT;
CREATE INDEX session_by_user ON session (user_id, ended_at_ms);
CREATE INDEX session_by_previous ON session (previous_token_hash);

CREATE TABLE api_key (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  user_id TEXT NOT NULL REFERENCES user_account(id), name TEXT NOT NULL, secret_hash TEXT NOT NULL,
  scope TEXT NOT NULL DEFAULT '{}', addresses TEXT NOT NULL DEFAULT '[]',
  created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER, last_used_at_ms INTEGER, revoked_at_ms INTEGER
) STRICT;
CREATE INDEX api_key_by_user ON api_key (user_id);

CREATE TABLE invitation (
  token_hash TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  name TEXT NOT NULL, roles TEXT NOT NULL, groups TEXT NOT NULL, attributes TEXT NOT NULL DEFAULT '{}',
  created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL, used_at_ms INTEGER, withdrawn_at_ms INTEGER
) STRICT;

-- Who may read a collection. Judged per query: a change touches no chunk.
CREATE TABLE collection_grant (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  collection_id TEXT NOT NULL REFERENCES collection(id),
  effect TEXT NOT NULL CHECK (effect IN ('allow','deny')), subject TEXT NOT NULL, condition TEXT,
  created_at_ms INTEGER NOT NULL, created_by TEXT NOT NULL
) STRICT;
CREATE INDEX collection_grant_by_collection ON collection_grant (tenant_id, collection_id);

-- What is said on one document or chunk, as it was said; the access set that comes of it stands in its row.
CREATE TABLE access_override (
  tenant_id TEXT NOT NULL REFERENCES tenant(id), target TEXT NOT NULL CHECK (target IN ('document','chunk')),
  target_id TEXT NOT NULL, document_id TEXT NOT NULL REFERENCES document(id), override TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL, PRIMARY KEY (target, target_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_override_by_document ON access_override (document_id);

CREATE TABLE policy_generation (
  tenant_id TEXT PRIMARY KEY, generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
${[
  'acl_set INSERT',
  'collection INSERT',
  'collection UPDATE',
  'collection_grant INSERT',
  'collection_grant UPDATE',
]
  .map((event) => triggerOf(event, 'NEW'))
  .concat(triggerOf('collection_grant DELETE', 'OLD'))
  .join('\n')}
`,
};

function triggerOf(event: string, row: 'NEW' | 'OLD'): string {
  const [table = '', verb = ''] = event.split(' ');
  return `CREATE TRIGGER ${table}_${verb.toLowerCase()}_generation AFTER ${verb} ON ${table} BEGIN
  INSERT INTO policy_generation (tenant_id, generation) VALUES (${row}.tenant_id, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET generation = generation + 1;
END;`;
}
