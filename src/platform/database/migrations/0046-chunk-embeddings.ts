import type { Migration } from '../migrate.ts';

/**
 * Vectors that a chosen model made of chunks: one for each text, kept as long as a chunk says it. Where a chunk goes,
 * by whatever way, its vector goes with the last chunk of that text.
 */
export const chunkEmbeddings: Migration = {
  number: 46,
  name: 'chunk-embeddings',
  sql: `
CREATE TABLE embedding_generation (
  model_digest TEXT PRIMARY KEY, dimensions INTEGER NOT NULL,
  -- What all vectors of the model have in common, float32; taken away before they are compared.
  common_part BLOB NOT NULL,
  created_at_ms INTEGER NOT NULL,
  -- When every chunk had its vector for the first time and the search went over to them.
  completed_at_ms INTEGER
) STRICT;

-- As the model gave it: float32, little-endian, length 1.
CREATE TABLE text_embedding (
  id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant(id),
  model_digest TEXT NOT NULL REFERENCES embedding_generation(model_digest),
  text_digest TEXT NOT NULL, vector BLOB NOT NULL,
  UNIQUE (model_digest, tenant_id, text_digest)
) STRICT;

CREATE TABLE chunk_embedding (
  model_digest TEXT NOT NULL,
  chunk_row INTEGER NOT NULL REFERENCES chunk(row) ON DELETE CASCADE,
  text_embedding_id INTEGER NOT NULL REFERENCES text_embedding(id) ON DELETE CASCADE,
  PRIMARY KEY (model_digest, chunk_row)
) STRICT, WITHOUT ROWID;
CREATE INDEX chunk_embedding_by_chunk ON chunk_embedding (chunk_row);
CREATE INDEX chunk_embedding_by_text ON chunk_embedding (text_embedding_id);
CREATE TRIGGER chunk_embedding_last AFTER DELETE ON chunk_embedding
  WHEN NOT EXISTS (SELECT 1 FROM chunk_embedding WHERE text_embedding_id = OLD.text_embedding_id)
  BEGIN DELETE FROM text_embedding WHERE id = OLD.text_embedding_id; END;
`,
};
