import type { Clock, Job, JobRun, StageProgress, Writer, WriteResult, WriteUnit } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';
import type { JobStore, Lease } from './job-store.ts';

interface RunDeps {
  readonly store: JobStore;
  readonly writer: Writer;
  readonly clock: Clock;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
}

/** One run of a job, as its handler sees it. What it writes is written only while it holds the lease. */
export class RunningJob implements JobRun {
  readonly job: Job;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly #deps: RunDeps;
  readonly #stop = new AbortController();
  #stages: Readonly<Record<string, StageProgress>>;
  #hasProgressed = false;
  #leasedAtMs: number;
  #isFinished = false;
  #wanted: 'cancelled' | 'paused' | undefined;

  constructor(job: Job, lease: Lease, deps: RunDeps) {
    this.job = job;
    this.lease = lease;
    this.#deps = deps;
    this.#stages = job.progress;
    this.#leasedAtMs = deps.clock.monotonicMs();
    this.signal = AbortSignal.any([deps.stopping, this.#stop.signal]);
  }

  get stages(): Readonly<Record<string, StageProgress>> {
    return this.#stages;
  }
  get isFinished(): boolean {
    return this.#isFinished;
  }
  /** What somebody asked the job to become, once the run has ended. */
  get wanted(): 'cancelled' | 'paused' | undefined {
    return this.#wanted;
  }

  progress(stage: string, done: number, total?: number): void {
    this.#stages = { ...this.#stages, [stage]: { done, total } };
    this.#hasProgressed = true;
  }

  write(unit: WriteUnit): Promise<WriteResult> {
    const { store, writer } = this.#deps;
    return writer.write({ ...unit, guards: [store.holds(this.lease), ...(unit.guards ?? [])] });
  }

  async finish(unit: WriteUnit): Promise<WriteResult> {
    const { store, clock } = this.#deps;
    const end = store.end(this.lease, {
      state: 'done',
      progress: JSON.stringify(this.#stages),
      reason_code: null,
      reason_message: null,
      updated_at_ms: clock.nowMs(),
    });
    const result = await this.write({ ...unit, statements: [...unit.statements, end] });
    this.#isFinished = true;
    return result;
  }

  /**
   * Looks whether the run may go on, and aborts it when not; writes progress down. The lease is prolonged with
   * progress, and by itself while a long step says nothing.
   * @param mayWrite false for a look only.
   */
  async beat(leaseMs: number, mayWrite: boolean): Promise<void> {
    if (this.#isFinished || this.signal.aborted) return;
    const { store, writer, clock } = this.#deps;
    const wanted = await store.wantedOf(this.lease);
    if (this.#isFinished || this.signal.aborted) return;
    if (wanted !== undefined) {
      if (wanted !== 'lost') this.#wanted = wanted;
      this.#stop.abort(new AppError('conflict.state', 'The job was stopped.'));
      return;
    }
    if (!mayWrite) return;
    const isLeaseOld = clock.monotonicMs() - this.#leasedAtMs > leaseMs / 3;
    if (!this.#hasProgressed && !isLeaseOld) return;
    this.#hasProgressed = false;
    this.#leasedAtMs = clock.monotonicMs();
    const beat = { progress: this.#stages, nowMs: clock.nowMs(), leaseMs };
    await writer.write({ statements: [store.heartbeat(this.lease, beat)], audit: [] });
  }
}
