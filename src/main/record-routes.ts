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
import { eraseSubject } from '#usecases/index.ts';
import type { Auditing } from './auditing.ts';
import type { Parts } from './compose.ts';

/** Routes of what is kept: jobs, the audit chains, erasing. */
export function recordRoutes(
  parts: Parts,
  served: {
    readonly auditing: Auditing;
    readonly certificates: CertificateDeps;
    readonly health: HealthDeps;
  },
): Route[] {
  const eraseDeps = {
    ...parts,
    forgetAccount: (...person: Parameters<typeof parts.erasures.erase>) => parts.erasures.erase(...person),
    purge: () => parts.writer.purge(),
  };
  return [
    ...jobsRoutes({ jobs: parts.jobs, nowMs: parts.clock.nowMs }),
    ...certificateRoutes(served.certificates),
    ...healthRoutes(served.health),
    ...auditRoutes(served.auditing),
    ...erasureRoutes({ eraseSubject: (erasure) => eraseSubject(eraseDeps, erasure) }),
  ];
}
