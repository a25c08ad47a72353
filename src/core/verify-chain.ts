import { CHAIN_START, encodeLink, type ChainLink } from './audit-chain.ts';
import type { Checkpoint } from './checkpoint.ts';

/** An event as it was read back: its link, the hash that stands beside it, and its columns if it has any. */
export interface ChainRow extends ChainLink {
  readonly hash: string;
  /** The event is another tenant's and not in this copy: only that its place is taken can be checked. */
  readonly isWithheld?: true;
  /** Copies of parts of the event, for searching. They must say what the event says. */
  readonly columns?: {
    readonly tenantId: string;
    readonly kind: string;
    readonly atMs: number;
    readonly issuer: string;
    readonly subject: string;
  };
}

/**
 * changed: the event is not the one that was hashed. broken: the link to the event before is wrong, so something
 * was put in or taken out here. missing: sequence numbers are skipped. columns: a copy beside the event says
 * something else. older: the chain ends before a checkpoint. rewritten: it is another one than at a checkpoint.
 * clock: time went back, which a wrong clock does too; a notice, not a fault. withheld: events of other tenants, whose
 * content was not checked; a notice, since an export for one tenant has none of another's.
 */
export type ChainFaultKind =
  | 'changed'
  | 'broken'
  | 'missing'
  | 'columns'
  | 'older'
  | 'rewritten'
  | 'clock'
  | 'withheld';

export interface ChainFault {
  readonly kind: ChainFaultKind;
  readonly chainId: string;
  readonly sequence: number;
  readonly message: string;
}

/** A chain's length and last hash. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
  readonly atMs: number;
}

/** Events that are written at once carry times that lie a little apart. */
const CLOCK_TOLERANCE_MS = 60_000;

interface EventFacts {
  readonly tenantId: unknown;
  readonly kind: unknown;
  readonly atMs: unknown;
  readonly issuer: unknown;
  readonly subject: unknown;
}

function readEvent(event: string): EventFacts | undefined {
  try {
    const value: unknown = JSON.parse(event);
    if (typeof value !== 'object' || value === null) return undefined;
    const fields = new Map<string, unknown>(Object.entries(value));
    const actorValue = fields.get('actor');
    const actor = new Map<string, unknown>(
      typeof actorValue === 'object' && actorValue !== null ? Object.entries(actorValue) : [],
    );
    return {
      tenantId: fields.get('tenantId'),
      kind: fields.get('kind'),
      atMs: fields.get('atMs'),
      issuer: actor.get('issuer'),
      subject: actor.get('subject'),
    };
  } catch {
    return undefined;
  }
}

/** Checks chains event by event. */
export interface ChainVerifier {
  /** The faults that show at this event. */
  add(row: ChainRow): ChainFault[];
  /** The faults that show once all events were read: checkpoints beyond the end. */
  finish(): ChainFault[];
  /** How far each chain was read. */
  readonly heads: ReadonlyMap<string, ChainHead>;
}

/**
 * Checks chains in the order of their sequence, against themselves and against checkpoints. The hash is handed
 * in. After a fault it goes on from what stands there, so that each fault is located once.
 */
export function createChainVerifier(
  hash: (text: string) => string,
  checkpoints: readonly Checkpoint[],
): ChainVerifier {
  const heads = new Map<string, ChainHead>();
  const placeOf = (at: { readonly chainId: string; readonly sequence: number }) =>
    `${at.sequence} ${at.chainId}`;
  const byPlace = Map.groupBy(checkpoints, placeOf);
  const passed = new Set<Checkpoint>();
  const withheld = new Map<string, number>();
  return {
    heads,
    add(row) {
      const { chainId, sequence } = row;
      const head = heads.get(chainId) ?? { sequence: 0, hash: CHAIN_START, atMs: 0 };
      if (row.isWithheld) withheld.set(chainId, (withheld.get(chainId) ?? 0) + 1);
      const facts = readEvent(row.event);
      const atMs = typeof facts?.atMs === 'number' ? facts.atMs : head.atMs;
      const here = byPlace.get(placeOf(row)) ?? [];
      for (const checkpoint of here) passed.add(checkpoint);
      const isRewritten = here.some((checkpoint) => checkpoint.hash !== row.hash);
      const found = findFaults(row, head, {
        facts,
        atMs,
        isRewritten,
        hash: row.isWithheld ? row.hash : hash(encodeLink(row)),
      });
      heads.set(chainId, { sequence, hash: row.hash, atMs: Math.max(atMs, head.atMs) });
      return found.map(([kind, message]) => ({ kind, chainId, sequence, message }));
    },
    finish: () => [
      ...[...withheld].map(([chainId, count]) => withheldNotice(chainId, count)),
      ...checkpoints
        .filter((checkpoint) => !passed.has(checkpoint))
        .map(({ chainId, sequence }) => {
          const end = heads.get(chainId)?.sequence ?? 0;
          const message = `a checkpoint saw ${sequence} events, here are ${end}: the end was cut, or this is an older copy`;
          return { kind: 'older' as const, chainId, sequence: end, message };
        }),
    ],
  };
}

function withheldNotice(chainId: string, count: number): ChainFault {
  const message = `${count} events of other tenants are not in this copy: their places are taken, their content was not checked`;
  return { kind: 'withheld', chainId, sequence: 0, message };
}

interface Seen {
  readonly facts: EventFacts | undefined;
  readonly atMs: number;
  readonly isRewritten: boolean;
  /** As it comes out of what stands there. */
  readonly hash: string;
}

function findFaults(row: ChainRow, head: ChainHead, seen: Seen): (readonly [ChainFaultKind, string])[] {
  const found: (readonly [ChainFaultKind, string])[] = [];
  if (row.sequence !== head.sequence + 1)
    found.push(['missing', `after ${head.sequence} comes ${row.sequence}: what was between is gone`]);
  else if (row.previousHash !== head.hash)
    found.push(['broken', 'it does not follow from the event before it']);
  if (seen.hash !== row.hash) found.push(['changed', 'it is not the event that was recorded']);
  if (row.columns !== undefined && !sameFacts(row.columns, seen.facts))
    found.push(['columns', 'the columns beside it say something else']);
  if (seen.atMs < head.atMs - CLOCK_TOLERANCE_MS)
    found.push(['clock', `the clock went back by ${Math.round((head.atMs - seen.atMs) / 1000)} s`]);
  if (seen.isRewritten)
    found.push(['rewritten', 'a checkpoint saw another event here: the chain was written anew']);
  return found;
}

function sameFacts(columns: NonNullable<ChainRow['columns']>, facts: EventFacts | undefined): boolean {
  return (
    facts !== undefined &&
    columns.tenantId === facts.tenantId &&
    columns.kind === facts.kind &&
    columns.atMs === facts.atMs &&
    columns.issuer === facts.issuer &&
    columns.subject === facts.subject
  );
}

/** Whether a fault means that something was changed; a clock that went back, or what is withheld, may be just that. */
export function isTampering(fault: ChainFault): boolean {
  return fault.kind !== 'clock' && fault.kind !== 'withheld';
}
