import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { SqlValue, Statement } from '#contracts/index.ts';
import { prepareOn, toSqlValue } from './open.ts';

/**
 * Compiles a query once. Only its values change after that, so it must hold each of them once, in their order, and
 * nothing else that is bound.
 */
function compileOnce<Row>(query: Compilable<Row>, values: readonly unknown[]): CompiledQuery<Row> {
  const compiled = query.compile();
  const { parameters } = compiled;
  const isInOrder =
    parameters.length === values.length && values.every((value, at) => Object.is(value, parameters[at]));
  if (!isInOrder) throw new TypeError('a frequent query holds each of its values once, in their order');
  return compiled;
}

/**
 * A query that is asked with every request: putting its text together and finding a connection, which cost several
 * times more than asking, are done once. `build` uses each of its values once, in their order, and no others.
 */
export function frequentQuery<Schema, Values extends readonly SqlValue[], Row>(
  database: Kysely<Schema>,
  build: (...values: Values) => Compilable<Row>,
): (...values: Values) => Promise<readonly Row[]> {
  let prepared: ReturnType<typeof prepareOn> | undefined;
  return async (...values) => {
    prepared ??= prepareOn(database, compileOnce(build(...values), values).sql);
    // The text is the builder's own, so its rows are of the type that the builder says.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return prepared.all(values) as Row[];
  };
}

/**
 * A statement that is written with every request, as `frequentQuery`. `build` binds the fields of its row in the order
 * in which they stand there.
 */
export function frequentStatement<Row extends Readonly<Record<string, SqlValue>>>(
  build: (row: Row) => Compilable,
): (row: Row) => Statement {
  let known: { readonly sql: string; readonly fields: readonly string[] } | undefined;
  return (row) => {
    known ??= { sql: compileOnce(build(row), Object.values(row)).sql, fields: Object.keys(row) };
    const values: Readonly<Record<string, SqlValue>> = row;
    return { sql: known.sql, parameters: known.fields.map((field) => toSqlValue(values[field])) };
  };
}
