import type { AuditEvent, Digest, JobId, Json, Principal, TenantId } from '#core/index.ts';
import type { Statement, WriteResult, WriteUnit } from './writer.ts';

/**
 * queued → running → done. A failed run goes back to queued after a pause, three failures make it poisoned: it
 * stays, with its reason, and nothing waits for it.
 */
export const JOB_STATES = ['queued', 'running', 'paused', 'done', 'poisoned', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Work to be done later, as a value that is written in the unit of what asks for it. */
export interface NewJob {
  readonly id: JobId;
  readonly tenantId: TenantId;
  /** `noun.verb`: `document.ingest`. */
  readonly kind: string;
  /** What the handler needs, as ids and digests; never a text or a secret. */
  readonly payload: Json;
  /** Who asked; the work is done with their name in the audit trail. */
  readonly requestedBy: Pick<Principal, 'issuer' | 'subject'>;
  /** A blob that must outlive the job. */
  readonly blobDigest?: Digest;
  /** While a job of this kind with this key is unfinished, another is not queued. */
  readonly dedupeKey?: string;
  /** Higher runs first; 0 by default. */
  readonly priority?: number;
  /** Not before this time. */
  readonly runAfterMs?: number;
}

/** How far a stage has come; `total` is undefined while it is not known. */
export interface StageProgress {
  readonly done: number;
  readonly total: number | undefined;
}

export interface Job {
  readonly id: JobId;
  readonly tenantId: TenantId;
  readonly kind: string;
  readonly payload: Json;
  readonly requestedBy: Pick<Principal, 'issuer' | 'subject'>;
  readonly state: JobState;
  readonly priority: number;
  /** Runs that failed. */
  readonly failures: number;
  /** Runs cut short by the end of the process. */
  readonly interruptions: number;
  readonly progress: Readonly<Record<string, StageProgress>>;
  /** Why the last run failed: a code, and a sentence that is safe to show. */
  readonly reason: { readonly code: string; readonly message: string } | undefined;
  readonly runAfterMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What a handler is given for one run. */
export interface JobRun {
  readonly job: Job;
  /** Aborts when the job is cancelled or paused, its lease is lost, or the server stops. */
  readonly signal: AbortSignal;
  /** Notes how far a stage has come; written with the next heartbeat. */
  progress(stage: string, done: number, total?: number): void;
  /** Writes a part of the work, only while this run still holds the job. @throws AppError conflict.state */
  write(unit: WriteUnit): Promise<WriteResult>;
  /** Writes the last part and the job's end in one unit: either both happened or neither did. */
  finish(unit: WriteUnit): Promise<WriteResult>;
}

/**
 * Does the jobs of one kind. It may be run again from its start after any failure, so what it did before must be
 * harmless to do twice. An AppError `input.*` is final; anything else is tried again.
 */
export interface JobHandler {
  readonly kind: string;
  /** How many of this kind run at once; 1 by default. */
  readonly concurrency?: number;
  run(run: JobRun): Promise<void>;
  /** More for the unit that gives the job up for good: what it was about may be marked there. */
  onPoisoned?(job: Job, reason: { readonly code: string; readonly message: string }): WriteUnit;
}

export interface JobFilter {
  readonly kind?: string;
  readonly state?: JobState;
  /** At most so many, newest first. */
  readonly limit?: number;
}

/** Work that survives a kill. The table is the truth; the runner is told by `wake`. */
export interface JobQueue {
  /** Queues with the unit that carries it. Call `wake` when the unit is durable. */
  enqueue(job: NewJob): Statement;
  wake(): void;
  find(tenantId: TenantId, id: JobId): Promise<Job | undefined>;
  list(tenantId: TenantId, filter?: JobFilter): Promise<readonly Job[]>;
  /** Each resolves to false when the job is not in a state for it. `audit` is written in the same unit. */
  cancel(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean>;
  pause(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean>;
  resume(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean>;
  /** Gives a poisoned job three new tries. */
  retry(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean>;
}
