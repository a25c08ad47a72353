import { setImmediate } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { Json, TenantId } from '#core/index.ts';

/** Where an event stands in a list by time; events of one millisecond stand in the order of their chains. */
export interface EventTime {
  readonly atMs: number;
  readonly chainId: string;
  readonly sequence: number;
}

/** Which events are looked for; what is undefined does not matter. */
export interface EventFilter {
  /** A kind, or the beginning of some with a dot at its end: `answer.`. */
  readonly kind?: string | undefined;
  /** The subject of who did it. */
  readonly actor?: string | undefined;
  /** Stands somewhere in the event: an id, a digest, a decision. Case does not matter. */
  readonly text?: string | undefined;
  readonly fromMs?: number | undefined;
  /** Events before this time. */
  readonly toMs?: number | undefined;
}

/** An event as it was recorded, at its place in the chain. */
export interface FoundEvent extends EventTime {
  readonly kind: string;
  readonly actor: { readonly issuer: string; readonly subject: string };
  readonly fields: Readonly<Record<string, Json>>;
  readonly hash: string;
}

/** A page of events, newest first. */
export interface FoundEvents {
  readonly events: readonly FoundEvent[];
  /** From where to look on; undefined when the beginning was reached. */
  readonly next: EventTime | undefined;
}

/** Looked at in one go; then whatever else waits for this thread has its turn. */
const ROWS_AT_ONCE = 250;
/** Looked at for one page: a filter that nothing passes must end, and says how far it came. */
const MOST_ROWS = 20_000;
const LATEST: EventTime = { atMs: Number.MAX_SAFE_INTEGER, chainId: '', sequence: 0 };

/** Each step of a search: a range of the index by time. */
export const SELECT_EVENTS = `SELECT chain_id, sequence, kind, at_ms, actor_issuer, actor_subject, event, hash FROM audit_event
  WHERE tenant_id = ? AND (at_ms, chain_id, sequence) < (?, ?, ?) AND at_ms >= ?
  ORDER BY at_ms DESC, chain_id DESC, sequence DESC LIMIT ${ROWS_AT_ONCE}`;

type Row = Record<string, unknown>;
const text = (row: Row, name: string) => String(row[name]);
const placeOf = (row: Row): EventTime => ({
  atMs: Number(row['at_ms']),
  chainId: text(row, 'chain_id'),
  sequence: Number(row['sequence']),
});

function isFound(row: Row, { kind, actor, text: part }: EventFilter): boolean {
  const own = text(row, 'kind');
  if (kind !== undefined && (kind.endsWith('.') ? !own.startsWith(kind) : own !== kind)) return false;
  if (actor !== undefined && text(row, 'actor_subject') !== actor) return false;
  return part === undefined || text(row, 'event').toLowerCase().includes(part.toLowerCase());
}

/** What an event says beside who, what and when. An event that cannot be read is shown without it: it is there. */
function fieldsOf(event: string): FoundEvent['fields'] {
  try {
    const value: { readonly fields?: Readonly<Record<string, Json>> } | null = JSON.parse(event);
    return value?.fields ?? {};
  } catch {
    return {};
  }
}

function toEvent(row: Row): FoundEvent {
  return {
    ...placeOf(row),
    kind: text(row, 'kind'),
    actor: { issuer: text(row, 'actor_issuer'), subject: text(row, 'actor_subject') },
    fields: fieldsOf(text(row, 'event')),
    hash: text(row, 'hash'),
  };
}

/** Finds events of a tenant by what they are about, newest first. */
export class EventFinder {
  readonly #database: DatabaseSync;
  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * One page from behind a place. It may hold fewer than `limit` although there are more: then `next` says how far was
   * looked. Gives way to others between steps.
   */
  async find(
    tenantId: TenantId,
    filter: EventFilter,
    page: { readonly after: EventTime | undefined; readonly limit: number },
  ): Promise<FoundEvents> {
    const select = this.#database.prepare(SELECT_EVENTS);
    const events: FoundEvent[] = [];
    let place = firstPlace(filter, page.after);
    for (let looked = 0; looked < MOST_ROWS; looked += ROWS_AT_ONCE) {
      const rows = select.all(
        tenantId,
        place.atMs,
        place.chainId,
        place.sequence,
        filter.fromMs ?? Number.MIN_SAFE_INTEGER,
      );
      for (const row of rows) {
        place = placeOf(row);
        if (isFound(row, filter)) events.push(toEvent(row));
        if (events.length === page.limit) return { events, next: place };
      }
      if (rows.length < ROWS_AT_ONCE) return { events, next: undefined };
      await setImmediate();
    }
    return { events, next: place };
  }
}

/** The later of the two ends of what is looked for is the beginning of the list. */
function firstPlace({ toMs }: EventFilter, after: EventTime | undefined): EventTime {
  const end = toMs === undefined ? LATEST : { ...LATEST, atMs: toMs };
  return after === undefined || after.atMs >= end.atMs ? end : after;
}
