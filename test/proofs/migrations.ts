import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { MIGRATIONS, migrate } from '#platform/index.ts';
import { scratchFolder } from '../support/scratch.ts';
import { judged, type Proof } from './proof.ts';

const HALF = fileURLToPath(new URL('../support/migrate-half.ts', import.meta.url));
const NUMBERS = MIGRATIONS.map(({ number }) => number).toSorted((a, b) => a - b);

/** Rows that an installation of the first versions has, by the migration that made their tables. */
const ROWS: readonly { readonly since: number; readonly sql: string }[] = [
  {
    since: 1,
    sql: `
INSERT INTO tenant VALUES ('ten', 'default', 1);
INSERT INTO acl_set (tenant_id, digest, policy, created_at_ms) VALUES ('ten', 'sha256:a', '{}', 1);
INSERT INTO collection (id, tenant_id, name, title, acl_set_id, created_at_ms)
  VALUES ('col', 'ten', 'pravidla', 'Pravidla', 1, 1);
INSERT INTO document (id, tenant_id, collection_id, source_key, title, acl_set_id, created_at_ms)
  VALUES ('doc', 'ten', 'col', 'a.md', 'A', 1, 1), ('gone', 'ten', 'col', 'b.md', 'B', 1, 1);
UPDATE document SET removed_at_ms = 5 WHERE id = 'gone';
INSERT INTO document_version (id, tenant_id, document_id, ordinal, blob_digest, media_type, size_bytes, title, language,
  canonical_digest, pipeline_digest, valid_from_ms, recorded_from_ms)
  VALUES ('ver', 'ten', 'doc', 1, 'sha256:b', 'text/markdown', 9, 'A', 'cs', 'sha256:c', 'sha256:p', 1, 1),
         ('old', 'ten', 'gone', 3, 'sha256:d', 'text/markdown', 9, 'B', 'cs', 'sha256:c', 'sha256:p', 1, 1);
INSERT INTO chunk (tenant_id, id, version_id, document_id, collection_id, ordinal, acl_set_id, kind, heading_path,
  start_offset, end_offset, text, token_count, language)
  VALUES ('ten', 'chk', 'ver', 'doc', 'col', 0, 1, 'paragraph', '[]', 0, 5, 'Lhůta', 1, 'cs');
INSERT INTO release VALUES ('sha256:r', '{}', 1);
INSERT INTO answer (id, tenant_id, issuer, subject, dialect, model, mode, release_digest, release_key, state,
  question_commitment, access_fingerprint, acl_sets, valid_at_ms, recorded_at_ms, created_at_ms)
  VALUES ('ans', 'ten', 'hradlo', 'eva', 'openai', 'hradlo', 'quoted', 'sha256:r', 'eva', 'ended', 'q', 'f', '[1]', 1, 1, 1);
INSERT INTO answer_evidence VALUES ('ans', 0, 1, 'chk', 'ver', 'doc', 1, 0.5, 1);
INSERT INTO usage VALUES ('ans', 'ten', 'hradlo', 'eva', NULL, 'hradlo', 1, 2, 0, 3, 4, 1);
INSERT INTO answer_outcome VALUES ('ans', 'ten', 1, 0, 'up', NULL, NULL, 1);
INSERT INTO audit_event VALUES ('chain', 1, 'ten', 'answer.recorded', 1, 'hradlo', 'eva', '{}', 'sha256:0', 'sha256:1');
INSERT INTO setting VALUES ('name', 'value', 1);`,
  },
  {
    since: 10,
    sql: `INSERT INTO job (id, tenant_id, kind, payload, issuer, subject, blob_digest, run_after_ms, created_at_ms,
  updated_at_ms) VALUES ('job', 'ten', 'document.ingest', '{}', 'hradlo', 'eva', 'sha256:b', 1, 1, 1);`,
  },
  {
    since: 11,
    sql: `INSERT INTO content_key VALUES ('key', 'ten', 'hradlo', 'eva', 1, NULL);
INSERT INTO content (answer_id, kind, tenant_id, key_id, sealed, created_at_ms, expires_at_ms)
  VALUES ('ans', 'answer', 'ten', 'key', x'0102', 1, 9);`,
  },
  {
    since: 30,
    sql: `INSERT INTO document_source (id, tenant_id, collection_id, kind, location, created_at_ms)
  VALUES ('src', 'ten', 'col', 'upload', '', 1);
INSERT INTO version_layout VALUES ('ten', 'sha256:b', 'sha256:p', x'0304');`,
  },
];

/** What a database holds: every cell of the columns that there were at a version, and its schema. */
function contentOf(database: DatabaseSync, columnsOf: ReadonlyMap<string, readonly string[]>): string {
  const tables = [...columnsOf].map(([table, columns]) => {
    const list = columns.map((column) => `"${column}"`).join(', ');
    return [table, database.prepare(`SELECT ${list} FROM "${table}" ORDER BY ${list}`).all()];
  });
  return JSON.stringify(tables, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );
}

function columnsIn(database: DatabaseSync): Map<string, string[]> {
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  return new Map(
    tables.map((table) => [
      table,
      database
        .prepare(`SELECT name FROM pragma_table_info(?) ORDER BY name`)
        .all(table)
        .map(({ name }) => String(name)),
    ]),
  );
}

/** Tables, columns, indexes and triggers, however they came about. */
function shapeOf(database: DatabaseSync): string {
  const others = database
    .prepare(
      "SELECT type, name, tbl_name FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name",
    )
    .all();
  return JSON.stringify([[...columnsIn(database)], others]);
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON');
  return database;
}

/** A database as the version with this migration left it, with rows in it. */
function makeReleased(path: string, number: number): void {
  const database = open(path);
  migrate(
    database,
    MIGRATIONS.filter((migration) => migration.number <= number),
    1,
  );
  for (const { since, sql } of ROWS) if (since <= number) database.exec(sql);
  database.close();
}

/** Faults of a database that was brought forward; what it held at first must be there, and nothing be broken. */
function faultsAfter(path: string, held: { before: string; columns: Map<string, string[]> }, shape: string) {
  const database = open(path);
  migrate(database, MIGRATIONS, 2);
  const checks: readonly [string, boolean][] = [
    ['rows were lost or changed', contentOf(database, held.columns) !== held.before],
    ['the schema is another one than of a new installation', shapeOf(database) !== shape],
    ['the file is damaged', database.prepare('PRAGMA integrity_check').get()?.['integrity_check'] !== 'ok'],
    ['rows refer to nothing', database.prepare('PRAGMA foreign_key_check').all().length > 0],
  ];
  database.close();
  return checks.filter(([, isFault]) => isFault).map(([fault]) => fault);
}

/** @param kept tables that there still are today; what others held was moved by the migration that dropped them. */
function heldBy(path: string, kept: ReadonlySet<string>) {
  const database = open(path);
  const columns = new Map([...columnsIn(database)].filter(([table]) => kept.has(table)));
  columns.delete('schema_migration');
  const before = contentOf(database, columns);
  database.close();
  return { before, columns };
}

export const proof: Proof = {
  promise:
    'a database of any earlier version comes forward with everything in it, also after a kill half-way',
  async run({ isQuick }) {
    using scratch = scratchFolder('migrations');
    const fresh = open(join(scratch.path, 'fresh.db'));
    migrate(fresh, MIGRATIONS, 1);
    const shape = shapeOf(fresh);
    const kept = new Set(columnsIn(fresh).keys());
    fresh.close();
    const faults: string[] = [];
    let forward = 0;
    let killed = 0;
    const last = NUMBERS.at(-1)!;
    for (const [place, number] of NUMBERS.entries()) {
      const path = join(scratch.path, `${number}.db`);
      makeReleased(path, number);
      const held = heldBy(path, kept);
      const half = join(scratch.path, `${number}-half.db`);
      copyFileSync(path, half);
      faults.push(...faultsAfter(path, held, shape).map((fault) => `from ${number}: ${fault}`));
      forward += 1;
      // The next migration dies in the midst; the start after that goes on.
      const next = NUMBERS[place + 1];
      if (number === last || next === undefined || (isQuick && place % 6 !== 0)) continue;
      const died = spawnSync(process.execPath, ['--no-warnings', HALF, half, String(next)], {
        encoding: 'utf8',
      });
      if (died.signal !== 'SIGKILL') faults.push(`${next} was not killed: ${died.stderr.slice(0, 300)}`);
      faults.push(...faultsAfter(half, held, shape).map((fault) => `killed in ${next}: ${fault}`));
      killed += 1;
    }
    return {
      figures: [
        judged(
          'versions that came forward whole',
          forward,
          String(NUMBERS.length),
          forward === NUMBERS.length,
        ),
        judged('migrations killed in the midst and gone on with', killed, '> 0', killed > 0),
        judged('faults', faults.length, '0', faults.length === 0),
      ],
      note: faults.join('\n'),
    };
  },
};
