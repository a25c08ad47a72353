import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { CheckpointSigner } from '#audit/index.ts';
import { encodeLink } from '#core/index.ts';
import { scratchFolder } from '../support/scratch.ts';
import { ServerProcess } from '../support/server-process.ts';
import { judged, type Proof } from './proof.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const QUESTIONS = ['Jaká je výpovědní lhůta?', 'Kolik dnů dovolené mám?', 'Kdo schvaluje pracovní cestu?'];

interface Case {
  readonly name: string;
  /** Where the fault must be located; undefined when it has no one place. */
  tamper(database: DatabaseSync, at: number): number | undefined;
}

const hash = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
type Row = Record<string, string | number>;

function readRow(database: DatabaseSync, sequence: number): Row {
  return database.prepare('SELECT * FROM audit_event WHERE sequence = ?').get(sequence) as Row;
}

/** The hash that an event would have, as one who knows how would compute it. */
function hashOf(row: Row): string {
  return hash(
    encodeLink({
      chainId: String(row['chain_id']),
      sequence: Number(row['sequence']),
      previousHash: String(row['previous_hash']),
      event: String(row['event']),
    }),
  );
}

function update(database: DatabaseSync, sequence: number, row: Row): void {
  const { event, previous_hash, hash: ownHash } = row;
  database
    .prepare('UPDATE audit_event SET event = ?, previous_hash = ?, hash = ? WHERE sequence = ?')
    .run(event!, previous_hash!, ownHash!, sequence);
}

const lastOf = (database: DatabaseSync) =>
  Number(database.prepare('SELECT max(sequence) AS n FROM audit_event').get()?.['n']);

const CASES: readonly Case[] = [
  {
    name: 'edit',
    tamper(database, at) {
      database
        .prepare('UPDATE audit_event SET event = replace(event, \'"kind"\', \'"kinds"\') WHERE sequence = ?')
        .run(at);
      return at;
    },
  },
  {
    name: 'edit with a new hash',
    tamper(database, at) {
      const row = readRow(database, at);
      const edited = { ...row, event: String(row['event']).replace('"fields":{', '"fields":{"a":1,') };
      update(database, at, { ...edited, hash: hashOf(edited) });
      // The event itself is now whole; the next one does not follow from it.
      return at + 1;
    },
  },
  {
    name: 'edit of a column',
    tamper(database, at) {
      database.prepare("UPDATE audit_event SET actor_subject = 'nobody' WHERE sequence = ?").run(at);
      return at;
    },
  },
  {
    name: 'delete',
    tamper(database, at) {
      database.prepare('DELETE FROM audit_event WHERE sequence = ?').run(at);
      return at + 1;
    },
  },
  {
    name: 'delete and renumber',
    tamper(database, at) {
      database.prepare('DELETE FROM audit_event WHERE sequence = ?').run(at);
      for (let sequence = at + 1; sequence <= lastOf(database); sequence++)
        database
          .prepare('UPDATE audit_event SET sequence = ? WHERE sequence = ?')
          .run(sequence - 1, sequence);
      return at;
    },
  },
  {
    name: 'insert',
    tamper(database, at) {
      for (let sequence = lastOf(database); sequence > at; sequence--)
        database
          .prepare('UPDATE audit_event SET sequence = ? WHERE sequence = ?')
          .run(sequence + 1, sequence);
      const row = readRow(database, at);
      const extra: Row = { ...row, sequence: at + 1, previous_hash: row['hash']! };
      const columns = Object.keys(extra);
      database
        .prepare(
          `INSERT INTO audit_event (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        )
        .run(...columns.map((name) => (name === 'hash' ? hashOf(extra) : extra[name]!)));
      return at + 2;
    },
  },
  {
    name: 'reorder',
    tamper(database, at) {
      const [a, b] = [readRow(database, at), readRow(database, at + 1)];
      update(database, at, b);
      update(database, at + 1, a);
      return at;
    },
  },
  {
    name: 'truncate',
    tamper(database, at) {
      database.prepare('DELETE FROM audit_event WHERE sequence >= ?').run(at);
      return at - 1;
    },
  },
  {
    name: 'clock back',
    tamper(database, at) {
      // All of it hashed anew from here on, as if the clock had been wrong: only the time tells.
      let previous = String(readRow(database, at - 1)['hash']);
      for (let sequence = at; sequence <= lastOf(database); sequence++) {
        const row = readRow(database, sequence);
        const event =
          sequence === at ? String(row['event']).replace(/"atMs":\d+/, '"atMs":1000') : row['event']!;
        const linked = { ...row, event, previous_hash: previous };
        previous = hashOf(linked);
        update(database, sequence, { ...linked, hash: previous });
        if (sequence === at)
          database.prepare('UPDATE audit_event SET at_ms = 1000 WHERE sequence = ?').run(at);
      }
      return at;
    },
  },
];

function run(args: readonly string[], cwd: string): { status: number | null; output: string } {
  const result = spawnSync(process.execPath, ['--no-warnings', ...args], { cwd, encoding: 'utf8' });
  return { status: result.status, output: result.stdout + result.stderr };
}

export const proof: Proof = {
  promise: 'a change of the record is found and located, also by the lone verifier',
  async run({ isQuick }) {
    using scratch = scratchFolder('tamper');
    const folder = join(scratch.path, 'data');
    const old = join(scratch.path, 'old');
    const elsewhere = join(scratch.path, 'elsewhere.txt');
    const flags = ['--audit.checkpointFile', elsewhere];
    {
      await using server = await ServerProcess.start({ folder, flags });
      for (const question of QUESTIONS) await server.ask(question);
      server.kill('SIGTERM');
      await server.exited;
    }
    cpSync(folder, old, { recursive: true });
    {
      await using server = await ServerProcess.start({ folder, flags });
      for (let round = 0; round < (isQuick ? 2 : 10); round++)
        for (const question of QUESTIONS) await server.ask(question);
      server.kill('SIGTERM');
      await server.exited;
    }
    // The lone verifier lies alone in a folder, with what it is given.
    const lone = join(scratch.path, 'hradlo-verify.mjs');
    copyFileSync(`${ROOT}tools/hradlo-verify.mjs`, lone);
    const ownKey = join(scratch.path, 'key.txt');
    const signer = new CheckpointSigner(
      readFileSync(join(folder, 'chain-id'), 'utf8').trim(),
      readFileSync(join(folder, 'signing.key'), 'utf8').trim(),
    );
    writeFileSync(ownKey, signer.verifierKey);
    const against = ['--against', elsewhere];
    const verify = (data: string) =>
      run([`${ROOT}src/main/cli.ts`, 'verify', '--data', data, ...against], ROOT);
    const verifyAlone = (file: string) => run([lone, file, ...against, '--key', ownKey], scratch.path);
    const untouched = [verify(folder), verifyAlone(join(folder, 'hradlo.db'))].every(
      ({ status }) => status === 0,
    );
    const events = lastOf(new DatabaseSync(join(folder, 'hradlo.db'), { readOnly: true }));
    const missed: string[] = [];
    let tried = 0;
    const judge = (name: string, data: string, at: number | undefined) => {
      tried += 1;
      for (const { status, output } of [verify(data), verifyAlone(join(data, 'hradlo.db'))]) {
        const isLocated = at === undefined || new RegExp(`event ${at}\\b`).test(output);
        if (status !== 1 || !isLocated) missed.push(`${name} at ${at}: ${output.slice(0, 300)}`);
      }
    };
    for (const { name, tamper } of CASES) {
      for (let round = 0; round < (isQuick ? 1 : 5); round++) {
        const data = join(scratch.path, 'tampered');
        rmSync(data, { recursive: true, force: true });
        cpSync(folder, data, { recursive: true });
        const database = new DatabaseSync(join(data, 'hradlo.db'));
        database.exec('DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete');
        const at = tamper(database, Math.max(3, Math.floor(((round + 0.5) / 5) * (events - 4))));
        database.close();
        judge(name, data, at);
      }
    }
    judge('older copy', old, undefined);
    const exported = join(scratch.path, 'export.jsonl');
    {
      await using server = await ServerProcess.start({ folder, flags });
      const { body } = await server.json('GET', '/admin/v1/audit/export');
      writeFileSync(exported, String(body));
    }
    const isExportWhole = verifyAlone(exported).status === 0;
    const lines = readFileSync(exported, 'utf8').split('\n');
    writeFileSync(exported, lines.toSpliced(7, 1).join('\n'));
    const isExportFaultFound = verifyAlone(exported).status === 1;
    return {
      figures: [
        judged('an untouched record verifies', String(untouched), 'true', untouched && existsSync(elsewhere)),
        judged('an untouched export verifies alone', String(isExportWhole), 'true', isExportWhole),
        judged(
          'a line taken out of an export is found',
          String(isExportFaultFound),
          'true',
          isExportFaultFound,
        ),
        judged(
          `changes found and located by both verifiers, of ${tried} (${CASES.length + 1} kinds)`,
          tried - missed.length,
          `${tried}`,
          missed.length === 0,
        ),
      ],
      note: [`${events} events`, ...missed].join('\n'),
    };
  },
};
