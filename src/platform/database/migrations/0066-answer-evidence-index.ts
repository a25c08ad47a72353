import type { Migration } from '../migrate.ts';

/**
 * What every answer writes and looks up. No question is asked by version, answers are found by document: each of them
 * wrote into ten places of that index. Whether one of its documents was erased meanwhile is asked of an index that
 * holds the erased ones alone.
 */
export const answerEvidenceIndex: Migration = {
  number: 66,
  name: 'answer-evidence-index',
  sql: `
DROP INDEX answer_evidence_by_version;
CREATE INDEX document_erased ON document (id) WHERE erased_at_ms IS NOT NULL;
`,
};
