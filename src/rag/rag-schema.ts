import type { Generated, Selectable } from 'kysely';

/** Columns of the tables that this module owns, as the query builder sees them. */
export interface RagSchema {
  tenant: { id: string; name: string; created_at_ms: number };
  collection: {
    id: string;
    tenant_id: string;
    name: string;
    title: string;
    acl_set_id: number;
    data_class: Generated<string>;
    retention_class: Generated<string>;
    created_at_ms: number;
    deleted_at_ms: number | null;
  };
  document: {
    id: string;
    tenant_id: string;
    collection_id: string;
    source_key: string;
    title: string;
    acl_set_id: number;
    data_class: Generated<string>;
    current_version_id: string | null;
    external_id: Generated<string | null>;
    created_at_ms: number;
    removed_at_ms: number | null;
    erased_at_ms: Generated<number | null>;
    erasure_finished_at_ms: Generated<number | null>;
  };
  document_version: {
    id: string;
    tenant_id: string;
    document_id: string;
    ordinal: number;
    blob_digest: string;
    media_type: string;
    size_bytes: number;
    title: string;
    language: string;
    metadata: Generated<string>;
    data_class: Generated<string>;
    canonical_digest: string;
    pipeline_digest: string;
    valid_from_ms: number;
    valid_to_ms: number | null;
    recorded_from_ms: number;
    recorded_to_ms: number | null;
    edition: Generated<number>;
    stated_to_ms: Generated<number | null>;
    origin: Generated<string>;
    is_published: Generated<number>;
  };
  document_password: {
    owner_id: string;
    tenant_id: string;
    source_id: string;
    entry_id: string | null;
    sealed: string;
    created_at_ms: number;
  };
  document_source: {
    id: string;
    tenant_id: string;
    collection_id: string;
    kind: string;
    location: string;
    is_watched: number;
    valid_from_ms: number | null;
    created_at_ms: number;
    scanned_at_ms: number | null;
    paused_at_ms: number | null;
    removed_at_ms: number | null;
  };
  source_entry: {
    id: string;
    tenant_id: string;
    source_id: string;
    key: string;
    parent_id: string | null;
    stamp: string;
    size_bytes: number;
    blob_digest: string;
    sidecar_digest: string | null;
    pipeline_digest: string;
    state: string;
    reason_code: string | null;
    reason_message: string | null;
    reason_detail: string | null;
    has_grants: Generated<number>;
    document_id: string | null;
    page_count: number | null;
    chunk_count: number | null;
    created_at_ms: number;
    updated_at_ms: number;
  };
  index_snapshot: {
    tenant_id: string;
    id: string;
    label: string;
    chunks: number;
    extra_bytes: number;
    created_at_ms: number;
    created_by: string;
  };
  synonym_list: { tenant_id: string; digest: string; text: string };
  synonym_choice: {
    tenant_id: string;
    number: number;
    digest: string | null;
    chosen_at_ms: number;
    chosen_by: string;
  };
  embedding_generation: {
    model_digest: string;
    dimensions: number;
    common_part: Uint8Array;
    created_at_ms: number;
    completed_at_ms: number | null;
  };
  text_embedding: {
    id: Generated<number>;
    tenant_id: string;
    model_digest: string;
    text_digest: string;
    vector: Uint8Array;
  };
  chunk_embedding: { model_digest: string; chunk_row: number; text_embedding_id: number };
  version_layout: { tenant_id: string; blob_digest: string; pipeline_digest: string; layout: Uint8Array };
  chunk: {
    row: Generated<number>;
    tenant_id: string;
    id: string;
    version_id: string;
    document_id: string;
    collection_id: string;
    ordinal: number;
    acl_set_id: number;
    data_class: Generated<string>;
    kind: string;
    heading_path: string;
    page_from: number | null;
    page_to: number | null;
    start_offset: number;
    end_offset: number;
    text: string;
    index_prefix: Generated<string>;
    token_count: number;
    language: string;
  };
}

/** A whole row of a table as it is read. */
export type RowOf<Table extends keyof RagSchema> = Selectable<RagSchema[Table]>;
