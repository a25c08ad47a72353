import { z } from 'zod';
import { JOB_STATES, type Job } from '#contracts/index.ts';
import { expectId, type Json } from '#core/index.ts';

/** Columns of the table `job`, as the query builder sees them. */
export interface JobSchema {
  job: {
    id: string;
    tenant_id: string;
    kind: string;
    payload: string;
    issuer: string;
    subject: string;
    blob_digest: string | null;
    dedupe_key: string | null;
    priority: number;
    state: string;
    wanted_state: string | null;
    failures: number;
    interruptions: number;
    lease: string | null;
    lease_until_ms: number | null;
    progress: string;
    reason_code: string | null;
    reason_message: string | null;
    run_after_ms: number;
    created_at_ms: number;
    updated_at_ms: number;
  };
}

const Stage = z.object({ done: z.number(), total: z.number().optional() });
const Progress = z.record(z.string(), Stage);
const Payload: z.ZodType<Json> = z.json();
const State = z.enum(JOB_STATES);
const Row = z.object({
  id: z.string(),
  tenant_id: z.string(),
  kind: z.string(),
  payload: z.string(),
  issuer: z.string(),
  subject: z.string(),
  priority: z.number(),
  state: State,
  failures: z.number(),
  interruptions: z.number(),
  progress: z.string(),
  reason_code: z.string().nullable(),
  reason_message: z.string().nullable(),
  run_after_ms: z.number(),
  created_at_ms: z.number(),
  updated_at_ms: z.number(),
});

/** Reads a row of the table, from a query or from `RETURNING`. @throws when it is not one. */
export function toJob(value: unknown): Job {
  const row = Row.parse(value);
  const progress = Object.entries(Progress.parse(JSON.parse(row.progress)));
  return {
    id: expectId('job', row.id),
    tenantId: expectId('tenant', row.tenant_id),
    kind: row.kind,
    payload: Payload.parse(JSON.parse(row.payload)),
    requestedBy: { issuer: row.issuer, subject: row.subject },
    state: row.state,
    priority: row.priority,
    failures: row.failures,
    interruptions: row.interruptions,
    progress: Object.fromEntries(progress.map(([stage, { done, total }]) => [stage, { done, total }])),
    reason:
      row.reason_code === null ? undefined : { code: row.reason_code, message: row.reason_message ?? '' },
    runAfterMs: row.run_after_ms,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
