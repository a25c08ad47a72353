import { z } from 'zod';
import type { Job, JobFilter, JobQueue } from '#contracts/index.ts';
import { AppError, parseId, type AuditEvent, type JobId, type Principal } from '#core/index.ts';
import { JobResponse, JobsQuery, JobsResponse } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface JobsDeps {
  readonly jobs: Pick<JobQueue, 'find' | 'list' | 'cancel' | 'pause' | 'resume' | 'retry'>;
  /** The documents that jobs are about, as far as the principal may know of them. */
  documentsOf(principal: Principal, jobs: readonly Job[]): Promise<ReadonlyMap<JobId, JobDocument>>;
  readonly nowMs: () => number;
}

/** What a job is about. */
export interface JobDocument {
  readonly title: string;
  readonly versionId: string | null;
}

const iso = (timeMs: number) => new Date(timeMs).toISOString();

function toResponse(job: Job, document: JobDocument | undefined): JobResponse {
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    requestedBy: job.requestedBy.subject,
    document: document ?? null,
    priority: job.priority,
    failures: job.failures,
    interruptions: job.interruptions,
    progress: Object.fromEntries(
      Object.entries(job.progress).map(([stage, { done, total }]) => [stage, { done, total: total ?? null }]),
    ),
    reason: job.reason ?? null,
    runAfter: iso(job.runAfterMs),
    createdAt: iso(job.createdAtMs),
    updatedAt: iso(job.updatedAtMs),
  };
}

async function toResponses(
  deps: JobsDeps,
  principal: Principal,
  jobs: readonly Job[],
): Promise<JobResponse[]> {
  const documents = await deps.documentsOf(principal, jobs);
  return jobs.map((job) => toResponse(job, documents.get(job.id)));
}

/** One job, and what it is about. @throws {AppError} request.not_found */
async function show(deps: JobsDeps, principal: Principal, id: string): Promise<JobResponse> {
  const job = await findJob(deps, principal, id);
  return toResponse(job, (await deps.documentsOf(principal, [job])).get(job.id));
}

const ACTIONS = {
  cancel: { event: 'job.cancelled', summary: 'Stop a job for good.' },
  pause: { event: 'job.paused', summary: 'Stop a job until it is resumed.' },
  resume: { event: 'job.resumed', summary: 'Let a paused job go on.' },
  retry: { event: 'job.retried', summary: 'Give a poisoned job three new tries.' },
} as const;
const Params = z.object({ jobId: z.string() });

async function findJob(deps: JobsDeps, principal: Principal, text: string): Promise<Job> {
  const id = parseId('job', text);
  const job = id && (await deps.jobs.find(principal.tenantId, id));
  if (job === undefined) throw new AppError('request.not_found', 'There is no such job.');
  return job;
}

function toEvent(deps: JobsDeps, principal: Principal, kind: string, jobId: JobId): AuditEvent {
  const { tenantId, issuer, subject } = principal;
  return { kind, tenantId, actor: { issuer, subject }, atMs: deps.nowMs(), fields: { jobId } };
}

function actionRoute(deps: JobsDeps, action: keyof typeof ACTIONS): Route {
  return defineRoute({
    method: 'POST',
    path: `/admin/v1/jobs/:jobId/${action}`,
    permission: 'operations.manage',
    summary: ACTIONS[action].summary,
    params: Params,
    response: JobResponse,
    async handle({ principal, params }) {
      const { id, state } = await findJob(deps, principal, params.jobId);
      const audit = [toEvent(deps, principal, ACTIONS[action].event, id)];
      if (!(await deps.jobs[action](principal.tenantId, id, audit)))
        throw new AppError('conflict.state', `A job that is ${state} cannot be changed this way.`);
      return { kind: 'json', body: await show(deps, principal, id) };
    },
  });
}

/** Work under way and work done: look, stop, go on. */
export function jobsRoutes(deps: JobsDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/jobs',
      permission: 'operations.read',
      summary: 'Jobs, newest first.',
      query: JobsQuery,
      response: JobsResponse,
      async handle({ principal, query }) {
        const filter: JobFilter = {
          ...(query.state !== undefined && { state: query.state }),
          ...(query.kind !== undefined && { kind: query.kind }),
          ...(query.limit !== undefined && { limit: query.limit }),
        };
        const jobs = await deps.jobs.list(principal.tenantId, filter);
        return { kind: 'json', body: { jobs: await toResponses(deps, principal, jobs) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/jobs/:jobId',
      permission: 'operations.read',
      summary: 'One job.',
      params: Params,
      response: JobResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: await show(deps, principal, params.jobId),
      }),
    }),
    ...(['cancel', 'pause', 'resume', 'retry'] as const).map((action) => actionRoute(deps, action)),
  ];
}
