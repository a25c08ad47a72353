import type { Principal } from '#core/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface AuditDeps {
  /** The chains as lines, in parts. */
  exportChains(principal: Principal): AsyncIterable<string>;
  /** What verifies the signatures of checkpoints. */
  readonly verifierKey: string;
}

/** The audit chains, for those who check them. */
export function auditRoutes(deps: AuditDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/audit/export',
      permission: 'audit.read',
      summary:
        'Every audit event of the tenant, or of all for who runs the installation; one JSON line each, for hradlo-verify.mjs.',
      handle: async ({ principal }) => ({
        kind: 'text',
        parts: deps.exportChains(principal),
        contentType: 'application/jsonl; charset=utf-8',
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/audit/key',
      permission: 'audit.read',
      summary: 'The key that verifies signed checkpoints.',
      handle: async () => ({
        kind: 'bytes',
        bytes: `${deps.verifierKey}\n`,
        contentType: 'text/plain; charset=utf-8',
      }),
    }),
  ];
}
