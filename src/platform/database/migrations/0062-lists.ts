import type { Migration } from '../migrate.ts';

/**
 * Ways through long tables: how many documents of a collection each access set lets one see, without reading a
 * document; and the newest jobs, of one kind or of all.
 */
export const lists: Migration = {
  number: 62,
  name: 'lists',
  sql: `
CREATE INDEX document_shown ON document (collection_id, acl_set_id)
  WHERE removed_at_ms IS NULL AND current_version_id IS NOT NULL;
CREATE INDEX job_by_time ON job (tenant_id, created_at_ms, id);
CREATE INDEX job_by_kind ON job (tenant_id, kind, created_at_ms, id);
`,
};
