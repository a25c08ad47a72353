import type { AuditEvent } from '#core/index.ts';

/** A value that SQLite can bind. Booleans are 0 and 1; times are integer milliseconds. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** A compiled statement, as Kysely's `compile()` gives it. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** A query whose row count must be within bounds, or the whole unit is refused with `conflict.state`. */
export interface Guard extends Statement {
  readonly expect: 'some' | 'none';
  /** Said to the caller when it does not hold; safe to show. */
  readonly message: string;
}

/**
 * A write as a value: all of it happens, with its audit events, in one transaction, or nothing does.
 * Guards are checked first, inside the transaction. Rows returned by statements (`RETURNING`) come back.
 */
export interface WriteUnit {
  readonly guards?: readonly Guard[];
  readonly statements: readonly Statement[];
  readonly audit: readonly AuditEvent[];
  /** Ends something that was begun, or erases: on a full disk it is still written, out of the reserve. */
  readonly isEssential?: boolean;
}

export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Where an audit event stands in its chain. */
export interface AuditPosition {
  readonly chainId: string;
  readonly sequence: number;
  readonly hash: string;
}

export interface WriteResult {
  /** Per statement: the rows that `RETURNING` gave, else empty. */
  readonly rows: readonly (readonly SqlRow[])[];
  /** Per statement: how many rows it changed. */
  readonly changes: readonly number[];
  readonly audit: readonly AuditPosition[];
}

/**
 * The one way to change the database. Resolves after the fsync that makes the unit durable; many units share
 * one. @throws AppError conflict.state (a guard), storage.full, record.unavailable.
 */
export interface Writer {
  write(unit: WriteUnit): Promise<WriteResult>;
}
