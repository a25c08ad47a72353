import type {
  BlobStore,
  Clock,
  JobQueue,
  RetrievalIndex,
  Writer,
  WriteResult,
  WriteUnit,
} from '#contracts/index.ts';
import type { AuditEvent, Digest, DocumentId, Json, NewId, Principal, TenantId } from '#core/index.ts';
import type { AccessFilters, AccessStore, OwnerStore, Sealer, Subject } from '#identity/index.ts';
import type {
  AccessAssignmentStore,
  ChunkStore,
  DocumentStore,
  EntryReason,
  PasswordStore,
  ReadContent,
  SidecarGrant,
  SourceStore,
  VersionRowStore,
  VersionStore,
} from '#rag/index.ts';
import type { AccessMoves } from '../rights/access-moves.ts';
import type { KeyedLock } from './keyed-lock.ts';

/** A file that was found inside another one, stored by now. */
export interface InnerFile {
  /** Inside of the outer one; parts joined by `/`, and each path once. */
  readonly path: string;
  readonly blobDigest: Digest;
  readonly sizeBytes: number;
}

/** What a file says, ready to be kept. */
export interface DocumentContent extends ReadContent {
  /** Entries of an archive, attachments of a mail: documents of their own. */
  readonly innerFiles: readonly InnerFile[];
  /** Told once it is in the database: what was kept of it until then may go. */
  release(): void;
}

/** A file read, or the true reason why it cannot be. */
export type ReadOutcome =
  | { readonly content: DocumentContent; readonly refused?: never }
  | { readonly content?: never; readonly refused: EntryReason };

export interface ReadRequest {
  readonly blobDigest: Digest;
  readonly fileName: string;
  readonly documentId: DocumentId;
  /** Give the files that this one carries as files; else they join its text. */
  readonly handsOut: boolean;
  /** Tried one after the other when the file is encrypted. Never logged. */
  readonly passwords: readonly string[];
  /** Files of one group have the same readers: what one of them takes over never meets another group's. */
  readonly group: string;
  readonly signal: AbortSignal;
  /** How far a stage has come. */
  progress(stage: string, done: number, total?: number): void;
}

/** Readers that a sidecar names, as subjects of a grant, and the names that nobody has. */
export interface ResolvedReaders {
  readonly subjects: readonly Subject[];
  readonly unknown: readonly string[];
}

/** What the use cases about documents are handed. */
export interface DocumentDeps {
  readonly writer: Writer;
  readonly blobs: BlobStore;
  readonly jobs: JobQueue;
  readonly documents: DocumentStore;
  readonly versions: VersionStore;
  readonly versionRows: VersionRowStore;
  readonly sources: SourceStore;
  readonly passwords: PasswordStore;
  readonly sealer: Sealer;
  readonly chunks: ChunkStore;
  readonly index: RetrievalIndex;
  readonly access: AccessStore;
  readonly owners: OwnerStore;
  readonly accessFilters: AccessFilters;
  readonly assignments: AccessAssignmentStore;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Digest of what turns bytes into chunks; with another one everything is read anew. */
  readonly pipelineDigest: Digest;
  /** One document is changed by one at a time. */
  readonly documentLock: KeyedLock;
  readonly moves: AccessMoves;
  read(request: ReadRequest): Promise<ReadOutcome>;
  resolveReaders(tenantId: TenantId, grants: readonly SidecarGrant[]): Promise<ResolvedReaders>;
}

/** How parts of the work are written: all in the name of a job's run, or one by one. */
export interface WorkWriter {
  write(unit: WriteUnit): Promise<WriteResult>;
  /** The last part. */
  finish(unit: WriteUnit): Promise<WriteResult>;
}

/** An event in the name of who asked. */
export function eventOf(
  actor: Pick<Principal, 'issuer' | 'subject'>,
  event: { readonly kind: string; readonly tenantId: TenantId; readonly atMs: number },
  fields: Readonly<Record<string, Json>>,
): AuditEvent {
  return { ...event, actor: { issuer: actor.issuer, subject: actor.subject }, fields };
}
