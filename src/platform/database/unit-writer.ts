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
const NO_ROWS: readonly SqlRow[] = [];
const BEGIN: Statement = { sql: 'BEGIN IMMEDIATE', parameters: [] };
const COMMIT: Statement = { sql: 'COMMIT', parameters: [] };
const SAVEPOINT: Statement = { sql: 'SAVEPOINT unit', parameters: [] };
const RELEASE: Statement = { sql: 'RELEASE unit', parameters: [] };

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
 * Runs write units, many to one transaction and so to one fsync. A unit that fails is undone alone and does not harm
 * its neighbours: the batch is then done again with a savepoint for each; when the commit itself fails, all of them fail. Synchronous: it lives in
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
    return this.#writeTogether(units) ?? this.#writeApart(units);
  }

  /**
   * All of them as one, without a way back to between two units: that is what most batches need, and half the work.
   * A unit whose guard does not hold is left out before it has done anything. Undefined, and nothing is changed, when
   * a statement failed.
   */
  #writeTogether(units: readonly WriteUnit[]): UnitOutcome[] | undefined {
    try {
      this.#run(BEGIN);
      const done = units.map((unit) => this.#writeUnguarded(unit));
      const written = units.filter((_unit, index) => !(done[index] instanceof Error));
      const positions = this.#chainEvents(
        this.#database,
        written.flatMap(({ audit }) => audit),
      );
      this.#run(COMMIT);
      let next = 0;
      return done.map((outcome, index): UnitOutcome => {
        if (outcome instanceof Error) return { ok: false, error: outcome };
        const audit = positions.slice(next, (next += units[index]!.audit.length));
        return { ok: true, result: { ...outcome, audit } };
      });
    } catch (error) {
      if (isFatal(error)) throw new FatalWriteError(toFailure(error));
      this.#rollBack();
      return undefined;
    }
  }

  #writeUnguarded(unit: WriteUnit): Omit<WriteResult, 'audit'> | AppError {
    try {
      for (const guard of unit.guards ?? []) this.#check(guard);
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    return this.#runAll(unit.statements);
  }

  /** Each behind a savepoint of its own: one that fails is undone and does not harm its neighbours. */
  #writeApart(units: readonly WriteUnit[]): UnitOutcome[] {
    try {
      this.#run(BEGIN);
      const outcomes = units.map((unit) => this.#writeOne(unit));
      this.#run(COMMIT);
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
    this.#run(SAVEPOINT);
    try {
      for (const guard of unit.guards ?? []) this.#check(guard);
      const done = this.#runAll(unit.statements);
      const audit = this.#chainEvents(this.#database, unit.audit);
      this.#run(RELEASE);
      return { ok: true, result: { ...done, audit } };
    } catch (error) {
      // A full disk or a failed write ends the transaction by itself: then no savepoint is left to go back to.
      if (!this.#database.isTransaction || isFatal(error)) throw error;
      this.#database.exec('ROLLBACK TO unit; RELEASE unit');
      return { ok: false, error: toFailure(error) };
    }
  }

  #runAll(statements: readonly Statement[]): Omit<WriteResult, 'audit'> {
    const rows: (readonly SqlRow[])[] = [];
    const changes: number[] = [];
    for (const statement of statements) {
      const outcome = this.#run(statement);
      rows.push(outcome.rows);
      changes.push(outcome.changes);
    }
    return { rows, changes };
  }

  #check(guard: Guard): void {
    const isThere = this.#prepare(guard.sql).statement.get(...guard.parameters) !== undefined;
    if (isThere !== (guard.expect === 'some')) throw new AppError('conflict.state', guard.message);
  }

  #run({ sql, parameters }: Statement): { rows: readonly SqlRow[]; changes: number } {
    const { statement, returnsRows } = this.#prepare(sql);
    if (!returnsRows) return { rows: NO_ROWS, changes: Number(statement.run(...parameters).changes) };
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
