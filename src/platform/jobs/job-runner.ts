import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, Job, JobHandler, Writer } from '#contracts/index.ts';
import { isAppError, type AuditEvent } from '#core/index.ts';
import type { Logger } from '../logger.ts';
import { backOffMs } from './back-off.ts';
import { RunningJob } from './running-job.ts';
import { toJob } from './job-schema.ts';
import type { JobReason, JobStore } from './job-store.ts';

const LEASE_MS = 60_000;
const HEARTBEAT_MS = 1_000;
const LONGEST_SLEEP_MS = 5_000;
const MAX_FAILURES = 3;
/** Many: power cuts and kills meet whatever runs, and files are read in children, which cannot end the server. */
const MAX_INTERRUPTIONS = 20;
const INTERRUPTED: JobReason = {
  code: 'job.interrupted',
  message: 'The server ended each time while this ran.',
};

export interface JobRunnerDeps {
  readonly store: JobStore;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 0 to 1, for the pauses between tries. */
  random(): number;
  /** A new name for each lease. */
  newLease(): string;
}

/**
 * Runs jobs: claims one under a lease, hands it to its handler, writes how it ended. Everything it knows is in
 * the table, so a kill at any point costs no more than the run that was under way.
 */
export class JobRunner implements AsyncDisposable {
  readonly #deps: JobRunnerDeps;
  readonly #handlers: ReadonlyMap<string, JobHandler>;
  readonly #running = new Map<RunningJob, Promise<void>>();
  readonly #stopping = new AbortController();
  /** Runs outside of whatever request or job woke us: its trace is not that of the work found. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #heart: NodeJS.Timeout | undefined;
  #look: Promise<void> | undefined;
  #lookAgain = false;

  constructor(deps: JobRunnerDeps, handlers: readonly JobHandler[]) {
    this.#deps = deps;
    this.#handlers = new Map(handlers.map((handler) => [handler.kind, handler]));
  }

  /** Gives back what an earlier process left running, and begins. Call once, when nobody else runs jobs here. */
  async start(): Promise<void> {
    await this.#reclaim(true);
    this.#heart = setInterval(() => void this.#beat(true), HEARTBEAT_MS);
    this.#heart.unref();
    this.wake();
  }

  /** Looks for work now, and whether what runs is wanted to stop. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#outside(() => void this.#beat(false));
    this.#lookNow();
  }

  #lookNow(): void {
    this.#outside(() => {
      if (this.#stopping.signal.aborted) return;
      this.#lookAgain = true;
      this.#look ??= this.#lookForWork().finally(() => {
        this.#look = undefined;
        if (this.#lookAgain) this.#lookNow();
      });
    });
  }

  async #lookForWork(): Promise<void> {
    try {
      while (this.#lookAgain && !this.#stopping.signal.aborted) {
        this.#lookAgain = false;
        while (await this.#claimOne());
      }
      await this.#sleep();
    } catch (error) {
      // The disk is full, or the writer is gone: look again later, the jobs are safe in their table.
      this.#deps.logger.warn({ error }, 'jobs.look_failed');
      this.#wakeIn(LONGEST_SLEEP_MS);
    }
  }

  async #sleep(): Promise<void> {
    const kinds = this.#freeKinds();
    const next = kinds.length === 0 ? undefined : await this.#deps.store.nextRunAtMs(kinds);
    const wait = next === undefined ? LONGEST_SLEEP_MS : next - this.#deps.clock.nowMs();
    this.#wakeIn(Math.min(LONGEST_SLEEP_MS, Math.max(10, wait)));
  }

  #wakeIn(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => this.#lookNow(), delayMs);
    this.#timer.unref();
  }

  /** Kinds with a place left. */
  #freeKinds(): string[] {
    const count = (kind: string) => [...this.#running.keys()].filter((run) => run.job.kind === kind).length;
    return [...this.#handlers.values()]
      .filter((handler) => count(handler.kind) < (handler.concurrency ?? 1))
      .map((handler) => handler.kind);
  }

  async #claimOne(): Promise<boolean> {
    const { store, writer, clock } = this.#deps;
    const kinds = this.#freeKinds();
    const nowMs = clock.nowMs();
    if (kinds.length === 0 || this.#stopping.signal.aborted) return false;
    const next = await store.nextRunAtMs(kinds);
    if (next === undefined || next > nowMs) return false;
    const lease = this.#deps.newLease();
    const { rows } = await writer.write({
      statements: [store.claim(kinds, lease, nowMs, LEASE_MS)],
      audit: [],
    });
    const row = rows[0]?.[0];
    if (row === undefined) return false;
    const job = toJob(row);
    const run = new RunningJob(
      job,
      { jobId: job.id, lease },
      { ...this.#deps, stopping: this.#stopping.signal },
    );
    const done = this.#runOne(run).finally(() => {
      this.#running.delete(run);
      this.#lookNow();
    });
    this.#running.set(run, done);
    return true;
  }

  async #runOne(run: RunningJob): Promise<void> {
    const { logger, clock } = this.#deps;
    const { job } = run;
    const startedAtMs = clock.monotonicMs();
    try {
      // Perhaps the job itself is what ends the process each time.
      if (job.interruptions >= MAX_INTERRUPTIONS) return await this.#poison(run, INTERRUPTED, job.failures);
      await this.#handlers.get(job.kind)!.run(run);
      if (!run.isFinished) await run.finish({ statements: [], audit: [] });
      const durationMs = Math.round(clock.monotonicMs() - startedAtMs);
      logger.debug({ jobId: job.id, kind: job.kind, durationMs }, 'job.done');
    } catch (error) {
      await this.#endBadly(run, error).catch((cause: unknown) =>
        // Not even that could be written: the lease will run out, and the job comes back.
        logger.error({ error: cause, jobId: job.id }, 'job.end_not_written'),
      );
    }
  }

  /** A run that ended without success: stopped on purpose, to be tried again, or given up. */
  async #endBadly(run: RunningJob, error: unknown): Promise<void> {
    const { store, writer, clock, logger } = this.#deps;
    const nowMs = clock.nowMs();
    const progress = JSON.stringify(run.stages);
    if (run.isFinished) {
      logger.error({ error, jobId: run.job.id, kind: run.job.kind }, 'job.failed_after_end');
      return;
    }
    if (run.signal.aborted) {
      // The server stops, or somebody asked: no fault of the job's.
      const state = run.wanted ?? 'queued';
      const end = store.end(run.lease, { state, progress, updated_at_ms: nowMs });
      await writer.write({ statements: [end], audit: [] });
      return;
    }
    const reason = toReason(error);
    const failures = run.job.failures + 1;
    const isFinal = failures >= MAX_FAILURES || isPermanent(error);
    logger.warn({ error, jobId: run.job.id, kind: run.job.kind, failures, isFinal }, 'job.failed');
    if (isFinal) return this.#poison(run, reason, failures);
    const end = store.end(run.lease, {
      state: 'queued',
      failures,
      progress,
      reason_code: reason.code,
      reason_message: reason.message,
      run_after_ms: nowMs + backOffMs(failures, this.#deps.random()),
      updated_at_ms: nowMs,
    });
    await writer.write({ statements: [end], audit: [] });
  }

  async #poison(run: RunningJob, reason: JobReason, failures: number): Promise<void> {
    const { store, writer, clock } = this.#deps;
    const more = this.#handlers.get(run.job.kind)?.onPoisoned?.(run.job, reason);
    const end = store.end(run.lease, {
      state: 'poisoned',
      failures,
      progress: JSON.stringify(run.stages),
      reason_code: reason.code,
      reason_message: reason.message,
      updated_at_ms: clock.nowMs(),
    });
    await writer.write({
      guards: [store.holds(run.lease), ...(more?.guards ?? [])],
      statements: [end, ...(more?.statements ?? [])],
      audit: [poisonedEvent(run.job, reason, clock.nowMs()), ...(more?.audit ?? [])],
    });
  }

  async #reclaim(all: boolean): Promise<void> {
    const { store, writer, clock } = this.#deps;
    const { changes } = await writer.write({
      statements: [store.reclaim({ all, nowMs: clock.nowMs() })],
      audit: [],
    });
    if ((changes[0] ?? 0) > 0) this.#deps.logger.info({ jobs: changes[0] }, 'jobs.resumed');
  }

  /** Whoever wakes the runner wants a look at what runs: only the heart itself writes how far that is. */
  async #beat(mayWrite: boolean): Promise<void> {
    const { logger } = this.#deps;
    const beats = [...this.#running.keys()].map((run) => run.beat(LEASE_MS, mayWrite));
    for (const result of await Promise.allSettled(beats)) {
      if (result.status === 'rejected') logger.warn({ error: result.reason }, 'jobs.heartbeat_failed');
    }
  }

  /** Stops taking work, asks what runs to end, and waits for it. Unfinished jobs go back to the queue. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#heart);
    await this.#look;
    await Promise.all(this.#running.values());
  }
}

function toReason(error: unknown): JobReason {
  if (isAppError(error)) return { code: error.code, message: error.message };
  return { code: 'internal', message: 'Something went wrong here; the log says what.' };
}

function isPermanent(error: unknown): boolean {
  return isAppError(error) && error.code.startsWith('input.');
}

function poisonedEvent(job: Job, reason: JobReason, atMs: number): AuditEvent {
  return {
    kind: 'job.poisoned',
    tenantId: job.tenantId,
    actor: { issuer: 'system', subject: 'hradlo' },
    atMs,
    fields: { jobId: job.id, kind: job.kind, reason: reason.code },
  };
}
