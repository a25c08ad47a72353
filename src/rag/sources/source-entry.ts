import {
  expectDigest,
  expectId,
  type CollectionId,
  type Digest,
  type DocumentId,
  type EntryId,
  type SourceId,
  type TenantId,
} from '#core/index.ts';
import type { RowOf } from '../rag-schema.ts';

/** Where documents of a collection come from. */
export interface Source {
  readonly id: SourceId;
  readonly tenantId: TenantId;
  readonly collectionId: CollectionId;
  readonly kind: 'folder' | 'upload';
  /** Absolute path of the folder; of uploads the name of the folder they come from, if they come from one. */
  readonly location: string;
  readonly isWatched: boolean;
  /** Since when its documents hold if neither sidecar nor path say so. */
  readonly validFromMs: number | undefined;
  readonly scannedAtMs: number | undefined;
  /** Nothing comes in from it until it goes on. */
  readonly isPaused: boolean;
  /** It is to go: its documents are being taken out of answers. */
  readonly isRemoved: boolean;
}

export const ENTRY_STATES = ['queued', 'indexed', 'quarantined', 'failed'] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** Why a file is not in the index: a code, its sentence and what fills it. Safe to show. */
export interface EntryReason {
  readonly code: string;
  readonly message: string;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** A file of a source, as it was taken in last. */
export interface SourceEntry {
  readonly id: EntryId;
  readonly tenantId: TenantId;
  readonly sourceId: SourceId;
  /** Path in the source; of a file inside another one the outer key, `!/` and its own path. */
  readonly key: string;
  readonly parentId: EntryId | undefined;
  /** Changes when the file does; cheap to get. */
  readonly stamp: string;
  readonly sizeBytes: number;
  readonly blobDigest: Digest;
  readonly sidecarDigest: Digest | undefined;
  readonly pipelineDigest: Digest;
  readonly state: EntryState;
  readonly reason: EntryReason | undefined;
  /** Its sidecar said who may read, the last time it was taken in. */
  readonly hasGrants: boolean;
  readonly documentId: DocumentId | undefined;
  readonly pageCount: number | undefined;
  readonly chunkCount: number | undefined;
  readonly updatedAtMs: number;
}

/** Reads a source out of its row. @throws {TypeError} when the row is damaged. */
export function toSource(row: RowOf<'document_source'>): Source {
  return {
    id: expectId('source', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    collectionId: expectId('collection', row.collection_id),
    kind: row.kind === 'folder' ? 'folder' : 'upload',
    location: row.location,
    isWatched: row.is_watched === 1,
    validFromMs: row.valid_from_ms ?? undefined,
    scannedAtMs: row.scanned_at_ms ?? undefined,
    isPaused: row.paused_at_ms !== null,
    isRemoved: row.removed_at_ms !== null,
  };
}

/** Reads an entry out of its row. @throws {TypeError} when the row is damaged. */
export function toEntry(row: RowOf<'source_entry'>): SourceEntry {
  const state = ENTRY_STATES.find((known) => known === row.state);
  if (state === undefined) throw new TypeError('not a state of an entry');
  return {
    id: expectId('entry', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    sourceId: expectId('source', row.source_id),
    key: row.key,
    parentId: row.parent_id === null ? undefined : expectId('entry', row.parent_id),
    stamp: row.stamp,
    sizeBytes: row.size_bytes,
    blobDigest: expectDigest(row.blob_digest),
    sidecarDigest: row.sidecar_digest === null ? undefined : expectDigest(row.sidecar_digest),
    pipelineDigest: expectDigest(row.pipeline_digest),
    state,
    reason: toReason(row),
    hasGrants: row.has_grants === 1,
    documentId: row.document_id === null ? undefined : expectId('document', row.document_id),
    pageCount: row.page_count ?? undefined,
    chunkCount: row.chunk_count ?? undefined,
    updatedAtMs: row.updated_at_ms,
  };
}

function toReason(row: {
  reason_code: string | null;
  reason_message: string | null;
  reason_detail: string | null;
}): EntryReason | undefined {
  if (row.reason_code === null) return undefined;
  return { code: row.reason_code, message: row.reason_message ?? '', detail: toDetail(row.reason_detail) };
}

function toDetail(text: string | null): Record<string, string | number> {
  const parsed: unknown = JSON.parse(text ?? '{}');
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter(
      (pair): pair is [string, string | number] => typeof pair[1] === 'string' || typeof pair[1] === 'number',
    ),
  );
}
