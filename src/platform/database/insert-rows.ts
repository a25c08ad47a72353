import type { SqlValue, Statement } from '#contracts/index.ts';

/** Texts of statements that were made, by table, number of rows, columns and ending. */
const texts = new Map<string, string>();
/** The program has few shapes of rows; lists differ by their length. */
const MOST_TEXTS = 500;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function makeText(table: string, columns: readonly string[], rowCount: number, ending: string): string {
  const row = `(${columns.map(() => '?').join(', ')})`;
  const rows = Array.from({ length: rowCount }, () => row).join(', ');
  return `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) values ${rows}${ending}`;
}

/**
 * The statement that inserts rows, for what is written with every answer: its text is made once for each shape, where
 * a query builder makes it anew.
 * @param rows at least one; all have the same columns in the same order.
 * @param ending what follows the values, such as `on conflict ("id") do nothing`.
 */
export function insertRows<Row extends Readonly<Record<string, SqlValue>>>(
  table: string,
  rows: readonly [Row, ...Row[]],
  ending = '',
): Statement {
  const columns = Object.keys(rows[0]);
  const key = [table, rows.length, ending, ...columns].join(' ');
  let sql = texts.get(key);
  if (sql === undefined) {
    if (texts.size >= MOST_TEXTS) texts.clear();
    sql = makeText(table, columns, rows.length, ending === '' ? '' : ` ${ending}`);
    texts.set(key, sql);
  }
  return { sql, parameters: rows.flatMap((row) => Object.values(row)) };
}
