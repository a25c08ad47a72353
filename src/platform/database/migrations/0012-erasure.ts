import type { Migration } from '../migrate.ts';

/**
 * Documents that were erased: their rows stay as ids, digests and times, without name and text. A text of an answer
 * that repeated one is emptied and says which.
 */
export const erasure: Migration = {
  number: 12,
  name: 'erasure',
  sql: `
ALTER TABLE document ADD COLUMN erased_at_ms INTEGER;
-- When files, index and log were clean too; NULL while that is under way.
ALTER TABLE document ADD COLUMN erasure_finished_at_ms INTEGER;
CREATE INDEX document_removed ON document (removed_at_ms) WHERE removed_at_ms IS NOT NULL AND erased_at_ms IS NULL;
CREATE INDEX document_erasing ON document (id) WHERE erased_at_ms IS NOT NULL AND erasure_finished_at_ms IS NULL;
CREATE INDEX answer_evidence_by_document ON answer_evidence (document_id);
ALTER TABLE content ADD COLUMN erased_document_id TEXT;
ALTER TABLE content ADD COLUMN erased_at_ms INTEGER;
`,
};
