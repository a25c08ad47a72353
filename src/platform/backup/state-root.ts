import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '#core/index.ts';

/** Digests of everything that is kept, and of them all together: equal roots mean equal states. */
export interface StateRoot {
  readonly root: string;
  readonly tables: Readonly<Record<string, string>>;
  readonly blobs: string;
}

const TABLES =
  "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";

function toPlain(value: unknown): string {
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  return `${typeof value}:${String(value)}`;
}

function digestOfTable(database: DatabaseSync, name: string, sql: string): string {
  const hash = createHash('sha256').update(sql);
  const columns = database
    .prepare(`SELECT * FROM "${name}" LIMIT 0`)
    .columns()
    .map((column) => column.name);
  const order = columns.map((column) => `"${column}"`).join(', ');
  const statement = database.prepare(`SELECT * FROM "${name}" ORDER BY ${order}`);
  statement.setReadBigInts(true);
  for (const row of statement.iterate())
    hash.update(`${columns.map((column) => toPlain(row[column])).join('\u0000')}\n`);
  return hash.digest('hex');
}

/** Every file of the blob folder by what is really in it. */
function digestOfBlobs(folder: string): string {
  const hash = createHash('sha256');
  const folders = existsSync(folder) ? readdirSync(folder).filter((name) => name.length === 2) : [];
  for (const fan of folders.toSorted()) {
    for (const name of readdirSync(join(folder, fan)).toSorted()) {
      const content = createHash('sha256')
        .update(readFileSync(join(folder, fan, name)))
        .digest('hex');
      hash.update(`${name} ${content}\n`);
    }
  }
  return hash.digest('hex');
}

/** The root over every table (the audit chains are one of them) and every blob. */
export function computeStateRoot(database: DatabaseSync, blobFolder: string): StateRoot {
  const tables: Record<string, string> = {};
  for (const row of database.prepare(TABLES).all()) {
    const name = String(row['name']);
    tables[name] = digestOfTable(database, name, String(row['sql']));
  }
  const blobs = digestOfBlobs(blobFolder);
  const root = createHash('sha256').update(canonicalJson({ tables, blobs })).digest('hex');
  return { root: `sha256:${root}`, tables, blobs };
}
