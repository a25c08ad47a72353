import type { Migration } from '../migrate.ts';

/** Sources of documents, what was taken in from them, and the history of versions. */
export const documentHistory: Migration = {
  number: 30,
  name: 'document-history',
  sql: `
-- The id that a sidecar gives: it holds a document together when its file moves.
ALTER TABLE document ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX document_by_external_id ON document (collection_id, external_id) WHERE external_id IS NOT NULL;

-- A row says that a text holds from when to when, as it was known from when to when. It is never changed but for its
-- end: what is known otherwise later is another row of the same edition.
ALTER TABLE document_version ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;
UPDATE document_version SET edition = ordinal;
-- The end that the owner states; valid_to_ms is earlier when a newer version begins before.
ALTER TABLE document_version ADD COLUMN stated_to_ms INTEGER;
-- The entry of a source that it came from.
ALTER TABLE document_version ADD COLUMN origin TEXT NOT NULL DEFAULT '';
-- 0 while its chunks are still being written: nobody reads it.
ALTER TABLE document_version ADD COLUMN is_published INTEGER NOT NULL DEFAULT 1 CHECK (is_published IN (0, 1));
CREATE INDEX document_version_by_blob ON document_version (blob_digest);

-- Where documents come from.
CREATE TABLE document_source (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  collection_id TEXT NOT NULL REFERENCES collection(id),
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'upload')), location TEXT NOT NULL,
  is_watched INTEGER NOT NULL DEFAULT 0 CHECK (is_watched IN (0, 1)), valid_from_ms INTEGER,
  created_at_ms INTEGER NOT NULL, scanned_at_ms INTEGER,
  UNIQUE (collection_id, kind, location)
) STRICT;

-- One file of a source, or one file inside an archive or a mail: its key is then the key of the outer one, "!/" and its
-- own path. It stays when it was taken in, so that the next look at the source touches only what changed.
CREATE TABLE source_entry (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  source_id TEXT NOT NULL REFERENCES document_source(id), key TEXT NOT NULL,
  parent_id TEXT REFERENCES source_entry(id),
  stamp TEXT NOT NULL, size_bytes INTEGER NOT NULL,
  blob_digest TEXT NOT NULL, sidecar_digest TEXT, pipeline_digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'indexed', 'quarantined', 'failed')),
  reason_code TEXT, reason_message TEXT, reason_detail TEXT,
  has_grants INTEGER NOT NULL DEFAULT 0 CHECK (has_grants IN (0, 1)),
  document_id TEXT REFERENCES document(id), page_count INTEGER, chunk_count INTEGER,
  created_at_ms INTEGER NOT NULL, updated_at_ms INTEGER NOT NULL,
  UNIQUE (source_id, key)
) STRICT;
CREATE INDEX source_entry_by_state ON source_entry (source_id, state);
CREATE INDEX source_entry_by_parent ON source_entry (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX source_entry_by_blob ON source_entry (blob_digest);
CREATE INDEX source_entry_by_sidecar ON source_entry (sidecar_digest) WHERE sidecar_digest IS NOT NULL;

-- Pages, outline, boxes of words and what was left out, of a text as one pipeline read it.
CREATE TABLE version_layout (
  tenant_id TEXT NOT NULL REFERENCES tenant(id), blob_digest TEXT NOT NULL, pipeline_digest TEXT NOT NULL,
  layout BLOB NOT NULL, PRIMARY KEY (tenant_id, blob_digest, pipeline_digest)
) STRICT, WITHOUT ROWID;
`,
};
