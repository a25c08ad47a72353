import type { Migration } from '../migrate.ts';

/** Work to be done later, and how far it has come. `blob_digest` keeps a blob from being collected meanwhile. */
export const jobs: Migration = {
  number: 10,
  name: 'jobs',
  sql: `
CREATE TABLE job (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id), kind TEXT NOT NULL,
  payload TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
  blob_digest TEXT, dedupe_key TEXT, priority INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued','running','paused','done','poisoned','cancelled')),
  -- What a running job was asked to become; its run ends first.
  wanted_state TEXT CHECK (wanted_state IN ('paused','cancelled')),
  failures INTEGER NOT NULL DEFAULT 0, interruptions INTEGER NOT NULL DEFAULT 0,
  lease TEXT, lease_until_ms INTEGER,
  progress TEXT NOT NULL DEFAULT '{}', reason_code TEXT, reason_message TEXT,
  run_after_ms INTEGER NOT NULL, created_at_ms INTEGER NOT NULL, updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX job_waiting ON job (state, priority DESC, run_after_ms, id);
CREATE INDEX job_by_blob ON job (blob_digest) WHERE blob_digest IS NOT NULL;
-- One unfinished job per thing to be done.
CREATE UNIQUE INDEX job_unfinished ON job (tenant_id, kind, dedupe_key)
  WHERE dedupe_key IS NOT NULL AND state IN ('queued','running','paused');
`,
};
