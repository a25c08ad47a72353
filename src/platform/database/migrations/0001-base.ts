import type { Migration } from '../migrate.ts';

/**
 * The first schema. What cannot be added later is here from the start: tenant, (issuer, subject), data class,
 * retention class, release digest, validity and recorded time. Times are integer milliseconds since 1970.
 */
export const base: Migration = {
  number: 1,
  name: 'base',
  sql: `
CREATE TABLE tenant (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at_ms INTEGER NOT NULL
) STRICT;

-- Who may read, as canonical data. Equal policies are one row; chunks name the row, grants are judged per query.
CREATE TABLE acl_set (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  digest TEXT NOT NULL, policy TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
  UNIQUE (tenant_id, digest)
) STRICT;

CREATE TABLE collection (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id), name TEXT NOT NULL, title TEXT NOT NULL,
  acl_set_id INTEGER NOT NULL REFERENCES acl_set(id),
  data_class TEXT NOT NULL DEFAULT 'internal' CHECK (data_class IN ('public','internal','confidential','restricted')),
  retention_class TEXT NOT NULL DEFAULT 'default',
  created_at_ms INTEGER NOT NULL, deleted_at_ms INTEGER,
  UNIQUE (tenant_id, name)
) STRICT;

-- A document is a path in its source, or the id that its sidecar gives.
CREATE TABLE document (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  collection_id TEXT NOT NULL REFERENCES collection(id), source_key TEXT NOT NULL, title TEXT NOT NULL,
  acl_set_id INTEGER NOT NULL REFERENCES acl_set(id),
  data_class TEXT NOT NULL DEFAULT 'internal' CHECK (data_class IN ('public','internal','confidential','restricted')),
  current_version_id TEXT, created_at_ms INTEGER NOT NULL, removed_at_ms INTEGER,
  UNIQUE (collection_id, source_key)
) STRICT;

-- Valid time says when the text holds; recorded time says when it was known here. Open ends are NULL.
CREATE TABLE document_version (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  document_id TEXT NOT NULL REFERENCES document(id), ordinal INTEGER NOT NULL,
  blob_digest TEXT NOT NULL, media_type TEXT NOT NULL, size_bytes INTEGER NOT NULL,
  title TEXT NOT NULL, language TEXT NOT NULL, metadata TEXT NOT NULL DEFAULT '{}',
  data_class TEXT NOT NULL DEFAULT 'internal' CHECK (data_class IN ('public','internal','confidential','restricted')),
  canonical_digest TEXT NOT NULL, pipeline_digest TEXT NOT NULL,
  valid_from_ms INTEGER NOT NULL, valid_to_ms INTEGER,
  recorded_from_ms INTEGER NOT NULL, recorded_to_ms INTEGER,
  UNIQUE (document_id, ordinal)
) STRICT;

-- Texts of the chunks of a version, joined by ordinal, are its canonical text. An id is stable across versions,
-- a row is not.
CREATE TABLE chunk (
  row INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id TEXT NOT NULL REFERENCES tenant(id), id TEXT NOT NULL,
  version_id TEXT NOT NULL REFERENCES document_version(id), document_id TEXT NOT NULL REFERENCES document(id),
  collection_id TEXT NOT NULL REFERENCES collection(id), ordinal INTEGER NOT NULL,
  acl_set_id INTEGER NOT NULL REFERENCES acl_set(id),
  data_class TEXT NOT NULL DEFAULT 'internal' CHECK (data_class IN ('public','internal','confidential','restricted')),
  kind TEXT NOT NULL, heading_path TEXT NOT NULL, page_from INTEGER, page_to INTEGER,
  start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, text TEXT NOT NULL,
  token_count INTEGER NOT NULL, language TEXT NOT NULL,
  UNIQUE (version_id, ordinal)
) STRICT;
CREATE INDEX chunk_by_id ON chunk (id);
CREATE INDEX chunk_by_document ON chunk (document_id);

-- Everything that decides what an answer looks like, by digest of its canonical JSON.
CREATE TABLE release (
  digest TEXT PRIMARY KEY, manifest TEXT NOT NULL, created_at_ms INTEGER NOT NULL
) STRICT;

-- One row per answer: ids, digests, times, decisions, and keyed commitments of texts; never a text.
CREATE TABLE answer (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  issuer TEXT NOT NULL, subject TEXT NOT NULL, conversation_id TEXT, key_id TEXT,
  dialect TEXT NOT NULL, model TEXT NOT NULL, mode TEXT NOT NULL CHECK (mode IN ('quoted','generated')),
  release_digest TEXT NOT NULL REFERENCES release(digest), release_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('begun','ended','failed','cancelled')),
  grade TEXT, error_code TEXT,
  question_commitment TEXT NOT NULL, answer_commitment TEXT, prompt_digest TEXT,
  access_fingerprint TEXT NOT NULL, acl_sets TEXT NOT NULL,
  valid_at_ms INTEGER NOT NULL, recorded_at_ms INTEGER NOT NULL,
  data_class TEXT NOT NULL DEFAULT 'public' CHECK (data_class IN ('public','internal','confidential','restricted')),
  retention_class TEXT NOT NULL DEFAULT 'default', evaluation_snapshot_id TEXT,
  created_at_ms INTEGER NOT NULL, ended_at_ms INTEGER
) STRICT;
CREATE INDEX answer_by_person ON answer (tenant_id, issuer, subject, created_at_ms);

-- The evidence an answer was given, in order; cited_from/to are offsets in the canonical text, NULL if not cited.
CREATE TABLE answer_evidence (
  answer_id TEXT NOT NULL REFERENCES answer(id), ordinal INTEGER NOT NULL,
  chunk_row INTEGER NOT NULL, chunk_id TEXT NOT NULL, version_id TEXT NOT NULL, document_id TEXT NOT NULL,
  acl_set_id INTEGER NOT NULL, score REAL NOT NULL, was_cited INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (answer_id, ordinal)
) STRICT;
CREATE INDEX answer_evidence_by_version ON answer_evidence (version_id);

-- One idempotent row per answer.
CREATE TABLE usage (
  answer_id TEXT PRIMARY KEY REFERENCES answer(id), tenant_id TEXT NOT NULL, issuer TEXT NOT NULL,
  subject TEXT NOT NULL, key_id TEXT, model TEXT NOT NULL,
  input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cached_input_tokens INTEGER NOT NULL,
  engine_ms INTEGER NOT NULL, output_bytes INTEGER NOT NULL, created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE answer_outcome (
  answer_id TEXT PRIMARY KEY REFERENCES answer(id), tenant_id TEXT NOT NULL,
  citation_count INTEGER NOT NULL, was_refused INTEGER NOT NULL,
  feedback TEXT, escalated_at_ms INTEGER, asked_again_at_ms INTEGER, updated_at_ms INTEGER NOT NULL
) STRICT;

-- Append-only chains, one per writer. hash = sha256(previous hash, canonical event).
CREATE TABLE audit_event (
  chain_id TEXT NOT NULL, sequence INTEGER NOT NULL, tenant_id TEXT NOT NULL,
  kind TEXT NOT NULL, at_ms INTEGER NOT NULL, actor_issuer TEXT NOT NULL, actor_subject TEXT NOT NULL,
  event TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (chain_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_event_by_time ON audit_event (tenant_id, at_ms);
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
  BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
  BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;

-- Small facts about this installation: its chain id, its commitment key.
CREATE TABLE setting (
  name TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at_ms INTEGER NOT NULL
) STRICT;
`,
};
