import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect, type CompiledQuery, type SqliteStatement } from 'kysely';
import type { SqlValue, Statement } from '#contracts/index.ts';

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the one connection that writes. WAL with synchronous=FULL: a commit returns after its fsync.
 * @param synchronous `NORMAL` only as the control of a durability test: it loses commits on power loss.
 */
export function openForWriting(path: string, synchronous: 'FULL' | 'NORMAL' = 'FULL'): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF`,
  );
  // What is deleted is overwritten. Checkpoints are the writer's own: between commits, and their errors are seen.
  database.exec('PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 0');
  return database;
}

/** Opens a connection that can only read. */
export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  database.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF');
  return database;
}

/** @throws {TypeError} for what SQLite has no form for. */
export function toSqlValue(value: unknown): SqlValue {
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`);
}

/** A compiled Kysely query as the value that a write unit carries. */
export function toStatement(query: CompiledQuery): Statement {
  return { sql: query.sql, parameters: query.parameters.map(toSqlValue) };
}

/** Queries of the product are few; those with a list of values differ by its length. */
const CACHED_STATEMENTS = 256;

/** What Kysely's own SQLite dialect needs of a driver, over `node:sqlite`. */
class KyselyAdapter {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, SqliteStatement>();
  constructor(database: DatabaseSync) {
    this.#database = database;
  }
  close(): void {
    // The owner of the connection closes it; several Kysely views may share it.
  }
  prepare(sql: string): SqliteStatement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#prepare(sql);
    if (this.#prepared.size >= CACHED_STATEMENTS) this.#prepared.clear();
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  #prepare(sql: string): SqliteStatement {
    const statement = this.#database.prepare(sql);
    const bind = (parameters: readonly unknown[]): SQLInputValue[] => parameters.map(toSqlValue);
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) => statement.all(...bind(parameters)),
      run: (parameters: readonly unknown[]) => statement.run(...bind(parameters)),
      // Read bit by bit while others may ask the same: a statement of its own.
      iterate: (parameters: readonly unknown[]) => this.#database.prepare(sql).iterate(...bind(parameters)),
    };
  }
}

const adapters = new WeakMap<object, KyselyAdapter>();

/** A typed query builder over a connection. Each module sees the tables it owns as its `Schema`. */
export function queryBuilder<Schema>(database: DatabaseSync): Kysely<Schema> {
  const adapter = new KyselyAdapter(database);
  const builder = new Kysely<Schema>({ dialect: new SqliteDialect({ database: async () => adapter }) });
  adapters.set(builder, adapter);
  return builder;
}

/** Prepares a text on the connection that a builder of ours is over. @throws {TypeError} for another's builder. */
export function prepareOn(builder: object, sql: string): SqliteStatement {
  const adapter = adapters.get(builder);
  if (adapter === undefined) throw new TypeError('not a query builder of ours');
  return adapter.prepare(sql);
}
