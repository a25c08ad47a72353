import { sql, type Kysely } from 'kysely';
import type { Guard, Job, JobFilter, JobState, NewJob, StageProgress, Statement } from '#contracts/index.ts';
import type { JobId, TenantId } from '#core/index.ts';
import { toStatement } from '../database/open.ts';
import { toJob, type JobSchema } from './job-schema.ts';

const DEFAULT_LIMIT = 100;
/** So many runs may be interrupted before the next one waits. */
const CALM_INTERRUPTIONS = 3;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const LOST = 'This run no longer holds its job.';

/** Why a run ended without success, safe to show. */
export interface JobReason {
  readonly code: string;
  readonly message: string;
}

/** A run's hold on a job: only who holds the lease may write for it. */
export interface Lease {
  readonly jobId: JobId;
  readonly lease: string;
}

type JobColumns = JobSchema['job'];

/** The table of jobs: reads, and the statements that move a job from state to state. */
export class JobStore {
  readonly #db: Kysely<JobSchema>;
  constructor(db: Kysely<JobSchema>) {
    this.#db = db;
  }

  /** Queues a job; nothing happens while an unfinished one of the kind has the same key. */
  createJob(job: NewJob, nowMs: number): Statement {
    return toStatement(
      this.#db
        .insertInto('job')
        .values({
          id: job.id,
          tenant_id: job.tenantId,
          kind: job.kind,
          payload: JSON.stringify(job.payload),
          issuer: job.requestedBy.issuer,
          subject: job.requestedBy.subject,
          blob_digest: job.blobDigest ?? null,
          dedupe_key: job.dedupeKey ?? null,
          priority: job.priority ?? 0,
          state: 'queued',
          wanted_state: null,
          failures: 0,
          interruptions: 0,
          lease: null,
          lease_until_ms: null,
          progress: '{}',
          reason_code: null,
          reason_message: null,
          run_after_ms: job.runAfterMs ?? nowMs,
          created_at_ms: nowMs,
          updated_at_ms: nowMs,
        })
        .onConflict((conflict) => conflict.doNothing())
        .compile(),
    );
  }

  async find(tenantId: TenantId, id: JobId): Promise<Job | undefined> {
    const row = await this.#db
      .selectFrom('job')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toJob(row);
  }

  async list(tenantId: TenantId, filter: JobFilter = {}): Promise<Job[]> {
    let query = this.#db.selectFrom('job').selectAll().where('tenant_id', '=', tenantId);
    if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    const rows = await query
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(filter.limit ?? DEFAULT_LIMIT)
      .execute();
    return rows.map(toJob);
  }

  /** When the next queued job of these kinds may run; undefined when none waits. */
  async nextRunAtMs(kinds: readonly string[]): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('job')
      .select((select) => select.fn.min('run_after_ms').as('at'))
      .where('state', '=', 'queued')
      .where('kind', 'in', [...kinds])
      .executeTakeFirst();
    return row?.at ?? undefined;
  }

  /** Digests out of these that unfinished jobs need. */
  async listNeededBlobs(digests: readonly string[]): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('job')
      .select('blob_digest')
      .where('blob_digest', 'in', [...digests])
      .where('state', 'not in', ['done', 'cancelled'])
      .execute();
    return rows.flatMap((row) => row.blob_digest ?? []);
  }

  /** Whether a job that keeps files is at work, in any tenant. */
  async isRunning(): Promise<boolean> {
    const query = this.#db.selectFrom('job').select('id').where('state', '=', 'running');
    return (await query.where('blob_digest', 'is not', null).executeTakeFirst()) !== undefined;
  }

  /** Takes the first waiting job of these kinds under a lease and returns its row; none when none waits. */
  claim(kinds: readonly string[], lease: string, nowMs: number, leaseMs: number): Statement {
    const first = this.#db
      .selectFrom('job')
      .select('id')
      .where('state', '=', 'queued')
      .where('kind', 'in', [...kinds])
      .where('run_after_ms', '<=', nowMs)
      .orderBy('priority', 'desc')
      .orderBy('run_after_ms')
      .orderBy('id')
      .limit(1);
    return toStatement(
      this.#db
        .updateTable('job')
        .set({ state: 'running', lease, lease_until_ms: nowMs + leaseMs, updated_at_ms: nowMs })
        .where('id', 'in', first)
        .returningAll()
        .compile(),
    );
  }

  /** Holds while the run has its lease and nobody wants the job stopped. */
  holds({ jobId, lease }: Lease): Guard {
    const query = this.#db
      .selectFrom('job')
      .select('id')
      .where('id', '=', jobId)
      .where('lease', '=', lease)
      .where('state', '=', 'running');
    return { ...toStatement(query.compile()), expect: 'some', message: LOST };
  }

  /** What a running job is wanted to become, or `lost` when this run no longer holds it. */
  async wantedOf({ jobId, lease }: Lease): Promise<'cancelled' | 'paused' | 'lost' | undefined> {
    const row = await this.#db
      .selectFrom('job')
      .select('wanted_state')
      .where('id', '=', jobId)
      .where('lease', '=', lease)
      .where('state', '=', 'running')
      .executeTakeFirst();
    if (row === undefined) return 'lost';
    return row.wanted_state === 'cancelled' || row.wanted_state === 'paused' ? row.wanted_state : undefined;
  }

  /** Prolongs the lease and writes progress down; a job that gets on is not what ends the process. */
  heartbeat(
    { jobId, lease }: Lease,
    beat: { progress: Readonly<Record<string, StageProgress>>; nowMs: number; leaseMs: number },
  ): Statement {
    const { progress, nowMs, leaseMs } = beat;
    return toStatement(
      this.#db
        .updateTable('job')
        .set({
          progress: JSON.stringify(progress),
          lease_until_ms: nowMs + leaseMs,
          updated_at_ms: nowMs,
          interruptions: 0,
        })
        .where('id', '=', jobId)
        .where('lease', '=', lease)
        .where('state', '=', 'running')
        .compile(),
    );
  }

  /** Ends a run: the job becomes what `change` says, and the lease is free. */
  end(
    { jobId, lease }: Lease,
    change: Partial<JobColumns> & { state: JobState; updated_at_ms: number },
  ): Statement {
    return toStatement(
      this.#db
        .updateTable('job')
        .set({ ...change, lease: null, lease_until_ms: null, wanted_state: null })
        .where('id', '=', jobId)
        .where('lease', '=', lease)
        .compile(),
    );
  }

  /**
   * Gives back the jobs whose runner is gone: every running one whose lease ran out, or at the start of the one
   * process that owns the database every running one. A job that was interrupted often waits before it runs again,
   * doubling up to half a minute: if it is what ends the server, the server is of use in between, and if it is not,
   * it is not under way each time somebody else's fault ends it.
   */
  reclaim(options: { all: boolean; nowMs: number }): Statement {
    let query = this.#db
      .updateTable('job')
      .set({
        state: sql<string>`coalesce(wanted_state, 'queued')`,
        interruptions: sql<number>`interruptions + 1`,
        run_after_ms: sql<number>`CASE WHEN interruptions < ${CALM_INTERRUPTIONS} THEN run_after_ms
          ELSE ${options.nowMs} + min(${LONGEST_WAIT_MS}, ${FIRST_WAIT_MS} << min(interruptions - ${CALM_INTERRUPTIONS}, 6)) END`,
        wanted_state: null,
        lease: null,
        lease_until_ms: null,
        updated_at_ms: options.nowMs,
      })
      .where('state', '=', 'running');
    if (!options.all) query = query.where('lease_until_ms', '<', options.nowMs);
    return toStatement(query.compile());
  }

  /** Forgets jobs that ended before a time, but for poisoned ones: somebody should look at those. */
  deleteEnded(beforeMs: number): Statement {
    return toStatement(
      this.#db
        .deleteFrom('job')
        .where('state', 'in', ['done', 'cancelled'])
        .where('updated_at_ms', '<', beforeMs)
        .compile(),
    );
  }

  /** Moves a job by hand from one of some states; a running one is asked to, and its run ends it. */
  move(tenantId: TenantId, id: JobId, from: readonly JobState[], to: Partial<JobColumns>): Statement {
    return toStatement(
      this.#db
        .updateTable('job')
        .set(to)
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('state', 'in', [...from])
        .returning('id')
        .compile(),
    );
  }
}
