import type { Migration } from '../migrate.ts';

/** A model may also be chosen for vectors and for judging relevance. A check cannot be altered, so the table is made anew. */
export const modelRoles: Migration = {
  number: 51,
  name: 'model-roles',
  sql: `
CREATE TABLE model_role (
  role TEXT PRIMARY KEY CHECK (role IN ('answer', 'embedding', 'reranking')),
  model TEXT NOT NULL, chosen_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO model_role (role, model, chosen_at_ms) SELECT purpose, model, chosen_at_ms FROM model_choice;
DROP TABLE model_choice;
`,
};
