import type { WriteResult, WriteUnit } from '#contracts/index.ts';
import type { ErrorCode, ErrorDetails } from '#core/index.ts';

export interface WriterOptions {
  readonly path: string;
  readonly chainId: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly nowMs: number;
  readonly reservePath: string;
  readonly reserveBytes: number;
  /** Where the log is copied to for a backup; undefined when there is none. */
  readonly spoolFolder: string | undefined;
  /** One integer: how many messages were sent. The thread sleeps on it while it gathers units for a commit. */
  readonly sent: SharedArrayBuffer;
}

/** Whether what the thread was started with is what it needs. */
export function isWriterOptions(value: unknown): value is WriterOptions {
  return typeof value === 'object' && value !== null && 'path' in value && 'sent' in value;
}

export interface SentUnit {
  readonly id: number;
  readonly unit: WriteUnit;
}

/**
 * purge: cut the log, so that nothing that was deleted is left in it. spool: copy what was committed since. hold:
 * empty the log into the database file, then leave the file alone until `release`.
 */
export type LogTask = 'purge' | 'spool' | 'hold' | 'release';

export type WriterRequest =
  | { readonly type: 'write'; readonly units: readonly SentUnit[] }
  | { readonly type: LogTask; readonly id: number }
  | { readonly type: 'close' };

/**
 * Units that were written, column by column: what crosses between threads is copied, and flat lists of numbers and
 * texts are copied fastest.
 */
export interface WrittenUnits {
  readonly ids: readonly number[];
  readonly changes: readonly (readonly number[])[];
  /** Null where no statement returned rows. */
  readonly rows: readonly (WriteResult['rows'] | null)[];
  /** How many events each appended; their places follow one another in `audit`. */
  readonly auditCounts: readonly number[];
  readonly audit: {
    readonly chainId: string;
    readonly sequences: readonly number[];
    readonly hashes: readonly string[];
  };
}

/** What became of one unit that was not written. */
export type UnwrittenUnit =
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      readonly stack: string | undefined;
    };

/** Written units with their ids as they cross. */
export function packWritten(
  units: readonly { readonly id: number; readonly result: WriteResult }[],
): WrittenUnits {
  const positions = units.flatMap(({ result }) => result.audit);
  return {
    ids: units.map(({ id }) => id),
    changes: units.map(({ result }) => result.changes),
    rows: units.map(({ result }) => (result.rows.some((rows) => rows.length > 0) ? result.rows : null)),
    auditCounts: units.map(({ result }) => result.audit.length),
    audit: {
      chainId: positions[0]?.chainId ?? '',
      sequences: positions.map(({ sequence }) => sequence),
      hashes: positions.map(({ hash }) => hash),
    },
  };
}

/** What `packWritten` packed. */
export function* unpackWritten(packed: WrittenUnits): Generator<{ id: number; result: WriteResult }> {
  const { chainId, sequences, hashes } = packed.audit;
  let next = 0;
  for (const [index, id] of packed.ids.entries()) {
    const changes = packed.changes[index] ?? [];
    const end = next + (packed.auditCounts[index] ?? 0);
    const own = sequences.slice(next, end);
    const audit = own.map((sequence, at) => ({ chainId, sequence, hash: hashes[next + at] ?? '' }));
    next = end;
    yield { id, result: { rows: packed.rows[index] ?? changes.map(() => []), changes, audit } };
  }
}

/** How the copy of the log stands. */
export interface LogState {
  readonly sequence: number;
  /** A piece is missing: a new copy of the database is needed. */
  readonly isBroken: boolean;
}

/** `full`: only essential units are written. `stopped`: none is, until the process starts anew. */
export type WriterState = 'writing' | 'full' | 'stopped';

export type WriterReply =
  | { readonly type: 'ready' }
  | { readonly type: 'log-done'; readonly id: number; readonly log: LogState }
  | { readonly type: 'log-failed'; readonly id: number; readonly message: string }
  | {
      readonly type: 'settled';
      readonly written: WrittenUnits;
      readonly others: readonly UnwrittenUnit[];
    }
  | { readonly type: 'state'; readonly state: WriterState; readonly why: string }
  | { readonly type: 'closed' };
