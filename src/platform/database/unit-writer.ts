import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  AuditPosition,
  Guard,
  SqlRow,
  SqlValue,
  Statement,
  WriteResult,
  WriteUnit,
} from '#contracts/index.ts';
import { AppError, type AuditEvent } from '#core/index.ts';
import { isFatal, toFailure } from './failure.ts';

/** Appends events to this writer's audit chain inside the running transaction. Handed in by main. */
export type ChainEvents = (database: DatabaseSync, events: readonly AuditEvent[]) => readonly AuditPosition[];

export type UnitOutcome =
  | { readonly ok: true; readonly result: WriteResult }
  | { readonly ok: false; readonly error: Error };

const STATEMENT_CACHE_SIZE = 256;

/** Writing must stop for good in this process. */
export class FatalWriteError extends Error {
  override readonly name = 'FatalWriteError';
  /** What callers are told. */
  readonly failure: Error;
  constructor(failure: Error) {
    super(failure.message, { cause: failure });
    this.failure = failure;
  }
}

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

/**
 * Runs write units, many to one transaction and so to one fsync. A unit that fails is undone by its savepoint
 * and does not harm its neighbours; when the commit itself fails, all of them fail. Synchronous: it lives in
 * the writer's thread.
 */
export class UnitWriter {
  readonly #database: DatabaseSync;
  readonly #chainEvents: ChainEvents;
  readonly #statements = new Map<string, Prepared>();

  constructor(database: DatabaseSync, chainEvents: ChainEvents) {
    this.#database = database;
    this.#chainEvents = chainEvents;
  }

  /**
   * The outcome of each unit, in order. Returns after the fsync that makes the successful ones durable.
   * @throws {FatalWriteError} when a write or an fsync failed, or the file is damaged: then none is durable, and
   *   nothing may be written or acknowledged any more.
   */
  writeBatch(units: readonly WriteUnit[]): UnitOutcome[] {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const outcomes = units.map((unit) => this.#writeOne(unit));
      this.#database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      const failure = toFailure(error);
      if (isFatal(error)) throw new FatalWriteError(failure);
      this.#rollBack();
      return units.map(() => ({ ok: false, error: failure }));
    }
  }

  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch (error) {
      throw new FatalWriteError(toFailure(error));
    }
  }

  #writeOne(unit: WriteUnit): UnitOutcome {
    this.#database.exec('SAVEPOINT unit');
    try {
      for (const guard of unit.guards ?? []) this.#check(guard);
      const rows: (readonly SqlRow[])[] = [];
      const changes: number[] = [];
      for (const statement of unit.statements) {
        const outcome = this.#run(statement);
        rows.push(outcome.rows);
        changes.push(outcome.changes);
      }
      const audit = this.#chainEvents(this.#database, unit.audit);
      this.#database.exec('RELEASE unit');
      return { ok: true, result: { rows, changes, audit } };
    } catch (error) {
      // A full disk or a failed write ends the transaction by itself: then no savepoint is left to go back to.
      if (!this.#database.isTransaction || isFatal(error)) throw error;
      this.#database.exec('ROLLBACK TO unit; RELEASE unit');
      return { ok: false, error: toFailure(error) };
    }
  }

  #check(guard: Guard): void {
    const isThere = this.#prepare(guard.sql).statement.get(...guard.parameters) !== undefined;
    if (isThere !== (guard.expect === 'some')) throw new AppError('conflict.state', guard.message);
  }

  #run({ sql, parameters }: Statement): { rows: readonly SqlRow[]; changes: number } {
    const { statement, returnsRows } = this.#prepare(sql);
    if (!returnsRows) return { rows: [], changes: Number(statement.run(...parameters).changes) };
    const rows = statement.all(...parameters).map(toSqlRow);
    return { rows, changes: rows.length };
  }

  #prepare(sql: string): Prepared {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    if (this.#statements.size >= STATEMENT_CACHE_SIZE) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function toSqlRow(row: Record<string, SqlValue>): SqlRow {
  return { ...row };
}
