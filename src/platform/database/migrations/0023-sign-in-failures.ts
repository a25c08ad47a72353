import type { Migration } from '../migrate.ts';

/** Failed sign-ins of the last hour, so that a restart gives no guesser their tries back. Keyed hashes: no names. */
export const signInFailures: Migration = {
  number: 23,
  name: 'sign-in-failures',
  sql: `
CREATE TABLE sign_in_failure (
  key_hash TEXT PRIMARY KEY, count INTEGER NOT NULL, until_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (last_ms);
`,
};
