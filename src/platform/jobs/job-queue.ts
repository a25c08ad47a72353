import type {
  Clock,
  Job,
  JobFilter,
  JobQueue,
  JobState,
  NewJob,
  Statement,
  Writer,
} from '#contracts/index.ts';
import type { AuditEvent, JobId, TenantId } from '#core/index.ts';
import type { JobSchema } from './job-schema.ts';
import type { JobStore } from './job-store.ts';

type Change = Partial<JobSchema['job']>;

/** The queue as others see it: the table, and a runner to wake. */
export class TableJobQueue implements JobQueue {
  readonly #store: JobStore;
  readonly #writer: Writer;
  readonly #clock: Clock;
  #onWake: () => void = () => undefined;

  constructor(store: JobStore, writer: Writer, clock: Clock) {
    this.#store = store;
    this.#writer = writer;
    this.#clock = clock;
  }

  /** The runner asks to be told when there is something to look at. */
  listen(onWake: () => void): void {
    this.#onWake = onWake;
  }

  enqueue(job: NewJob): Statement {
    return this.#store.createJob(job, this.#clock.nowMs());
  }
  wake(): void {
    this.#onWake();
  }
  find(tenantId: TenantId, id: JobId): Promise<Job | undefined> {
    return this.#store.find(tenantId, id);
  }
  list(tenantId: TenantId, filter?: JobFilter): Promise<Job[]> {
    return this.#store.list(tenantId, filter);
  }

  cancel(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean> {
    return this.#stop(tenantId, id, { to: 'cancelled', from: ['queued', 'paused', 'poisoned'], audit });
  }
  pause(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean> {
    return this.#stop(tenantId, id, { to: 'paused', from: ['queued'], audit });
  }
  resume(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean> {
    return this.#move(tenantId, id, { from: ['paused'], change: { state: 'queued' }, audit });
  }
  retry(tenantId: TenantId, id: JobId, audit: readonly AuditEvent[]): Promise<boolean> {
    const change = {
      state: 'queued',
      failures: 0,
      interruptions: 0,
      reason_code: null,
      reason_message: null,
    };
    return this.#move(tenantId, id, { from: ['poisoned'], change, audit });
  }

  /** A waiting job stops at once; a running one is asked to stop, and its run ends it. */
  async #stop(
    tenantId: TenantId,
    id: JobId,
    {
      to,
      from,
      audit,
    }: { to: 'cancelled' | 'paused'; from: readonly JobState[]; audit: readonly AuditEvent[] },
  ): Promise<boolean> {
    if (await this.#move(tenantId, id, { from, change: { state: to }, audit })) return true;
    return this.#move(tenantId, id, { from: ['running'], change: { wanted_state: to }, audit });
  }

  async #move(
    tenantId: TenantId,
    id: JobId,
    { from, change, audit }: { from: readonly JobState[]; change: Change; audit: readonly AuditEvent[] },
  ): Promise<boolean> {
    const updated_at_ms = this.#clock.nowMs();
    const job = await this.#store.find(tenantId, id);
    if (job === undefined || !from.includes(job.state)) return false;
    const { changes } = await this.#writer.write({
      statements: [this.#store.move(tenantId, id, from, { ...change, updated_at_ms })],
      audit,
    });
    this.wake();
    return changes[0] === 1;
  }
}
