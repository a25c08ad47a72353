import { defineRoute, type Route } from '../route.ts';

export interface AuditDeps {
  /** The chains as lines, in parts. */
  exportChains(): AsyncIterable<string>;
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
      summary: 'Every audit event, one JSON line each, as tools/hradlo-verify.mjs reads it.',
      handle: async () => ({
        kind: 'text',
        parts: deps.exportChains(),
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
