import {
  auditRoutes,
  certificateRoutes,
  erasureRoutes,
  healthRoutes,
  jobsRoutes,
  type CertificateDeps,
  type HealthDeps,
  type Route,
} from '#gateway/index.ts';
import type { Auditing } from './auditing.ts';
import type { Parts } from './compose.ts';
import { documentsOfJobs } from './job-documents.ts';
import type { Erasing } from './erasing.ts';

/** Routes of what is kept: jobs, the audit chains, erasing. */
export function recordRoutes(
  parts: Parts,
  served: {
    readonly auditing: Auditing;
    readonly certificates: CertificateDeps;
    readonly health: HealthDeps;
    readonly erasing: Erasing;
  },
): Route[] {
  return [
    ...jobsRoutes({
      jobs: parts.jobs,
      documentsOf: (principal, jobs) => documentsOfJobs(parts, principal, jobs),
      nowMs: parts.clock.nowMs,
    }),
    ...certificateRoutes(served.certificates),
    ...healthRoutes(served.health),
    ...auditRoutes(served.auditing),
    ...erasureRoutes(served.erasing),
  ];
}
