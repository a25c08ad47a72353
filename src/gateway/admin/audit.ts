import type { z } from 'zod';
import { AppError, type Json, type Principal } from '#core/index.ts';
import { AuditEventsQuery, AuditEventsResponse, AuditVerifyResponse } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

/** An event's place in the list by time. */
interface EventTime {
  readonly atMs: number;
  readonly chainId: string;
  readonly sequence: number;
}

export interface AuditDeps {
  /** The chains as lines, in parts. */
  exportChains(principal: Principal): AsyncIterable<string>;
  /** What verifies the signatures of checkpoints. */
  readonly verifierKey: string;
  /** Events of the principal's tenant, newest first. */
  findEvents(
    principal: Principal,
    filter: {
      readonly kind: string | undefined;
      readonly actor: string | undefined;
      readonly text: string | undefined;
      readonly fromMs: number | undefined;
      readonly toMs: number | undefined;
    },
    page: { readonly after: EventTime | undefined; readonly limit: number },
  ): Promise<{
    readonly events: readonly (EventTime & {
      readonly kind: string;
      readonly actor: { readonly issuer: string; readonly subject: string };
      readonly fields: Readonly<Record<string, Json>>;
      readonly hash: string;
    })[];
    readonly next: EventTime | undefined;
  }>;
  /** Checks the chains against themselves and the checkpoints. @throws AppError storage.damaged */
  verify(): Promise<AuditVerifyResponse>;
}

/** The audit chains, for those who check them. */
export function auditRoutes(deps: AuditDeps): Route[] {
  return [eventsRoute(deps), verifyRoute(deps), ...takeAwayRoutes(deps)];
}

function takeAwayRoutes(deps: AuditDeps): Route[] {
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

const timeOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
const PLACE = /^(\d{1,15})\.(\d{1,15})\.([\w-]{1,100})$/;

/** @throws {AppError} input.invalid */
function toPlace(text: string | undefined): EventTime | undefined {
  if (text === undefined) return undefined;
  const [, atMs, sequence, chainId] = PLACE.exec(text) ?? [];
  if (chainId === undefined)
    throw new AppError('input.invalid', '"after" is what "next" said.', { details: { param: 'after' } });
  return { atMs: Number(atMs), sequence: Number(sequence), chainId };
}

function toFilter({ kind, actor, text, from, to }: z.infer<typeof AuditEventsQuery>) {
  return { kind, actor, text, fromMs: timeOf(from), toMs: timeOf(to) };
}

function eventsRoute(deps: AuditDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/admin/v1/audit/events',
    permission: 'audit.read',
    summary: 'Audit events of the tenant by kind, person, time and what they name; newest first.',
    query: AuditEventsQuery,
    response: AuditEventsResponse,
    async handle({ principal, query }) {
      const page = { after: toPlace(query.after), limit: query.limit };
      const { events, next } = await deps.findEvents(principal, toFilter(query), page);
      const body = {
        events: events.map(({ chainId, atMs, ...event }) => ({
          ...event,
          chain: chainId,
          at: new Date(atMs).toISOString(),
        })),
        next: next === undefined ? null : `${next.atMs}.${next.sequence}.${next.chainId}`,
      };
      return { kind: 'json', body };
    },
  });
}

function verifyRoute(deps: AuditDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/admin/v1/audit/verify',
    permission: 'audit.read',
    summary: 'Check the audit chains against themselves and against the signed checkpoints.',
    response: AuditVerifyResponse,
    handle: async () => ({ kind: 'json', body: await deps.verify() }),
  });
}
