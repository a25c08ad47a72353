// Platform: the machine made plain: database, blobs, jobs, clock, ids, logs, traces, metrics.
// Owns: the database file and its connections, the blob folder, the tables schema_migration, setting, job.
// Never: a word of the product (chunk, prompt, guard); those belong to the modules above.
// Bound by: ADR 3 (one schema through Kysely), ADR 12 (names of metrics and spans), ADR 18 (log shipping).
export { Archive, ArchiveError } from './backup/archive.ts';
export { BackupWriter, type BackupSource } from './backup/backup-writer.ts';
export { hasUnarchived, LogSpool } from './backup/log-spool.ts';
export { restore, RestoreError, type Restored } from './backup/restore.ts';
export { computeStateRoot, type StateRoot } from './backup/state-root.ts';
export { FileBlobStore, type FindReferenced } from './blobs/file-blob-store.ts';
export { yieldToForeground } from './background-priority.ts';
export { createGiveWay, Foreground } from './foreground.ts';
export { systemClock } from './clock.ts';
export { checkpoint, cutLog } from './database/checkpoint.ts';
export { migrate, type Migration } from './database/migrate.ts';
export { MIGRATIONS } from './database/migrations/index.ts';
export { frequentQuery, frequentStatement } from './database/frequent.ts';
export { openForReading, openForWriting, queryBuilder, toStatement } from './database/open.ts';
export { FatalWriteError, UnitWriter, type ChainEvents, type UnitOutcome } from './database/unit-writer.ts';
export { DiskReserve, freeBytes } from './disk-reserve.ts';
export { appendDurably } from './durable-file.ts';
export { insertRows } from './database/insert-rows.ts';
export { FolderInUseError, lockFolder } from './folder-lock.ts';
export { createCommit, digestOf, randomId } from './ids.ts';
export { TableJobQueue } from './jobs/job-queue.ts';
export { JobRunner } from './jobs/job-runner.ts';
export type { JobSchema } from './jobs/job-schema.ts';
export { JobStore } from './jobs/job-store.ts';
export { KeyRing } from './keys/key-ring.ts';
export { KEY_BYTES } from './keys/seal.ts';
export { createLogger, type Logger, type LogFields, type LogFormat, type LogLevel } from './logger.ts';
export { Metrics } from './metrics.ts';
export { Tracer, withTrace, type Span, type SpanAttributes, type SpanSink } from './tracer.ts';
export { syncFolder, toStorageError } from './durable-file.ts';
export {
  Egress,
  EgressError,
  readLimited,
  type EgressResponse,
  type EgressTimeouts,
} from './egress/egress.ts';
export type { Destination } from './egress/address-policy.ts';
export { fingerprintOf, makeSelfSigned, type CertifiedKey } from './tls/self-signed.ts';
export { toFailure } from './database/failure.ts';
