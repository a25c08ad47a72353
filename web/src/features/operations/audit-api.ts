import { infiniteQueryOptions } from '@tanstack/react-query';
import { AuditEventsResponse, AuditVerifyResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';

export type RecordedEvent = AuditEventsResponse['events'][number];

/** What is looked for; empty texts look for anything. Days are of the reader's zone. */
export interface AuditFilter {
  readonly kind: string;
  readonly actor: string;
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

export const EVERY_EVENT: AuditFilter = { kind: '', actor: '', text: '', from: '', to: '' };

const DAY_MS = 86_400_000;
const PAGE_SIZE = 200;

function toQuery({ kind, actor, text, from, to }: AuditFilter, after: string): string {
  const midnight = (day: string) => new Date(`${day}T00:00`).getTime();
  const given = {
    kind,
    actor,
    text: text.trim(),
    from: from === '' ? '' : new Date(midnight(from)).toISOString(),
    // The last day counts whole; half a day more than a day is the next one, also when clocks change.
    to: to === '' ? '' : new Date(new Date(midnight(to) + 1.5 * DAY_MS).setHours(0, 0, 0, 0)).toISOString(),
    after,
  };
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  for (const [name, value] of Object.entries(given)) if (value !== '') query.set(name, value);
  return query.toString();
}

/** Events newest first, page by page. */
export function eventsQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      sendJson(AuditEventsResponse, `/admin/v1/audit/events?${toQuery(filter, pageParam)}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    // What was recorded does not change: comparing all pages with themselves at each new one would cost the most.
    structuralSharing: false,
    // Whoever comes back begins with the newest events again, and not with every page that was read before.
    gcTime: 0,
    refetchOnReconnect: false,
  });
}

/** Checks the whole record. @throws {ApiError} */
export const verifyRecord = () => sendJson(AuditVerifyResponse, '/admin/v1/audit/verify', { method: 'POST' });
