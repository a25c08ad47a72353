import type { Migration } from '../migrate.ts';

/** What the index reads before a chunk's own text: the header rows of a table that began in an earlier chunk. */
export const chunkPrefix: Migration = {
  number: 31,
  name: 'chunk-prefix',
  sql: `ALTER TABLE chunk ADD COLUMN index_prefix TEXT NOT NULL DEFAULT '';`,
};
