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
import { AppError, isAppError, type AuditEvent } from '#core/index.ts';

/** Appends events to this writer's audit chain inside the running transaction. Handed in by main. */
export type ChainEvents = (database: DatabaseSync, events: readonly AuditEvent[]) => readonly AuditPosition[];

export type UnitOutcome =
  | { readonly ok: true; readonly result: WriteResult }
  | { readonly ok: false; readonly error: Error };

const STATEMENT_CACHE_SIZE = 256;

/**
 * Runs write units, many to one transaction and so to one fsync. A unit that fails is undone by its savepoint
 * and does not harm its neighbours; when the commit itself fails, all of them fail. Synchronous: it lives in
 * the writer's thread.
 */
export class UnitWriter {
  readonly #database: DatabaseSync;
  readonly #chainEvents: ChainEvents;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, chainEvents: ChainEvents) {
    this.#database = database;
    this.#chainEvents = chainEvents;
  }

  /** The outcome of each unit, in order. Returns after the fsync that makes the successful ones durable. */
  writeBatch(units: readonly WriteUnit[]): UnitOutcome[] {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const outcomes = units.map((unit) => this.#writeOne(unit));
      this.#database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const failure = toFailure(error);
      return units.map(() => ({ ok: false, error: failure }));
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
      if (!this.#database.isTransaction) throw error;
      this.#database.exec('ROLLBACK TO unit; RELEASE unit');
      return { ok: false, error: toFailure(error) };
    }
  }

  #check(guard: Guard): void {
    const isThere = this.#prepare(guard.sql).get(...guard.parameters) !== undefined;
    if (isThere !== (guard.expect === 'some')) throw new AppError('conflict.state', guard.message);
  }

  #run(statement: Statement): { rows: readonly SqlRow[]; changes: number } {
    const prepared = this.#prepare(statement.sql);
    if (prepared.columns().length > 0) {
      const rows = prepared.all(...statement.parameters).map(toSqlRow);
      return { rows, changes: rows.length };
    }
    return { rows: [], changes: Number(prepared.run(...statement.parameters).changes) };
  }

  #prepare(sql: string): StatementSync {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    if (this.#statements.size >= STATEMENT_CACHE_SIZE) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function toSqlRow(row: Record<string, SqlValue>): SqlRow {
  return { ...row };
}

const SQLITE_FULL = 13;
const SQLITE_CORRUPT = 11;

function toFailure(error: unknown): Error {
  if (isAppError(error)) return error;
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  if (code === SQLITE_FULL) {
    return new AppError('storage.full', 'The disk is full. Nothing was changed; make room and try again.', {
      cause: error,
    });
  }
  if (code === SQLITE_CORRUPT) {
    return new AppError('storage.damaged', 'The database is damaged. Run "hradlo doctor".', { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}
