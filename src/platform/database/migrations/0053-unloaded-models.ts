import type { Migration } from '../migrate.ts';

/**
 * Models that somebody unloaded: they keep their names and their files, and are not started until they are loaded
 * again. By name alone, as a model that the configuration names has no row of its own.
 */
export const unloadedModels: Migration = {
  number: 53,
  name: 'unloaded-models',
  sql: `
CREATE TABLE model_unloaded (name TEXT PRIMARY KEY, unloaded_at_ms INTEGER NOT NULL) STRICT;
`,
};
