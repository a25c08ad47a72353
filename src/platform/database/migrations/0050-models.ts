import type { Migration } from '../migrate.ts';

/** Models of this installation: files by digest, names, aliases, engines behind us. Not of one tenant: memory is not. */
export const models: Migration = {
  number: 50,
  name: 'models',
  sql: `
-- A model file that was judged and kept, by the digest of its bytes.
CREATE TABLE model_artifact (
  digest TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, file_name TEXT NOT NULL,
  source TEXT NOT NULL, revision TEXT, licence TEXT, approved_template TEXT, added_at_ms INTEGER NOT NULL
) STRICT;

-- An engine behind us that speaks OpenAI's dialect. Its key stays in a file that the operator keeps.
CREATE TABLE engine_endpoint (
  name TEXT PRIMARY KEY, kind TEXT NOT NULL, url TEXT NOT NULL, api_key_file TEXT, added_at_ms INTEGER NOT NULL
) STRICT;

-- A name that clients ask for: a file that runs here, or a model of an engine behind us.
CREATE TABLE model (
  name TEXT PRIMARY KEY, purpose TEXT NOT NULL CHECK (purpose IN ('chat', 'embedding', 'reranking')),
  artifact_digest TEXT REFERENCES model_artifact(digest),
  engine_name TEXT REFERENCES engine_endpoint(name), upstream_model TEXT,
  context_tokens INTEGER, added_at_ms INTEGER NOT NULL,
  CHECK ((artifact_digest IS NULL) <> (engine_name IS NULL))
) STRICT;

-- Another name, with what it leads to in order of preference, as a JSON list of model names.
CREATE TABLE model_alias (
  alias TEXT PRIMARY KEY, targets TEXT NOT NULL, updated_at_ms INTEGER NOT NULL
) STRICT;

-- Which model writes answers over documents; no row means that answers are quoted.
CREATE TABLE model_choice (
  purpose TEXT PRIMARY KEY CHECK (purpose IN ('answer')), model TEXT NOT NULL, chosen_at_ms INTEGER NOT NULL
) STRICT;
`,
};
