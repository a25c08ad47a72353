import type { Migration } from '../migrate.ts';

/** A source may rest, and one that is to go is marked until its documents are out of answers. */
export const sourceStates: Migration = {
  number: 32,
  name: 'source-states',
  sql: `
ALTER TABLE document_source ADD COLUMN paused_at_ms INTEGER;
ALTER TABLE document_source ADD COLUMN removed_at_ms INTEGER;
`,
};
