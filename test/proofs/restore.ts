import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { computeStateRoot } from '#platform/index.ts';
import { percentile, scratchFolder } from '../support/scratch.ts';
import { ServerProcess } from '../support/server-process.ts';
import { informative, judged, type Proof } from './proof.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOBODY = '65534';

function hradlo(args: readonly string[], as: readonly string[] = []) {
  const command = [...as, process.execPath, '--no-warnings', `${ROOT}src/main/cli.ts`, ...args];
  const result = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
  return { status: result.status, output: result.stdout + result.stderr };
}

function rootOf(folder: string): string {
  const database = new DatabaseSync(join(folder, 'hradlo.db'));
  try {
    return computeStateRoot(database, join(folder, 'blobs')).root;
  } finally {
    database.close();
  }
}

const eventsOf = (folder: string) => {
  const database = new DatabaseSync(join(folder, 'hradlo.db'));
  const count = Number(database.prepare('SELECT count(*) AS n FROM audit_event').get()?.['n']);
  database.close();
  return count;
};

export const proof: Proof = {
  promise: 'a backup made under load gives back the very state, or any moment, and a flipped bit is refused',
  async run({ isQuick }) {
    using scratch = scratchFolder('restore');
    chmodSync(scratch.path, 0o755);
    const path = (name: string) => join(scratch.path, name);
    // Enough copies are kept that the moment in the past is still within reach.
    const flags = ['--backup.folder', path('backup'), '--backup.keep', '100'];
    let moment = '';
    let eventsThen = 0;
    const ages: number[] = [];
    {
      await using server = await ServerProcess.start({ folder: path('data'), flags });
      const asking = (async () => {
        for (let turn = 0; turn < (isQuick ? 30 : 300) && server.isRunning; turn++) {
          await server.ask(`Jaká je výpovědní lhůta, a co bod ${turn}?`);
          if (turn % 10 === 3) await server.json('POST', '/admin/v1/backups', {});
          const { body } = await server.json('GET', '/admin/v1/health');
          if (typeof body.backup?.ageSeconds === 'number') ages.push(body.backup.ageSeconds);
          if (turn !== 20) continue;
          const { body: health } = await server.json('GET', '/admin/v1/health');
          eventsThen = health.audit.events;
          await setTimeout(50);
          moment = new Date().toISOString();
          await setTimeout(50);
        }
      })();
      await asking;
      server.kill('SIGTERM');
      await server.exited;
    }
    const key = ['--key-file', path('data/backup.key')];
    const startedAtMs = performance.now();
    const latest = hradlo(['restore', '--from', path('backup'), '--to', path('latest'), ...key]);
    const rtoMs = performance.now() - startedAtMs;
    const isEqual = latest.status === 0 && rootOf(path('latest')) === rootOf(path('data'));
    const past = hradlo(['restore', '--from', path('backup'), '--to', path('past'), '--at', moment, ...key]);
    const isPast = past.status === 0 && eventsOf(path('past')) === eventsThen;
    const another = restoreAsNobody(path);
    const { refused, tried } = flipBits(path, key, isQuick ? 6 : 40);
    let works = false;
    {
      await using server = await ServerProcess.start({ folder: path('latest') });
      works = (await server.ask('Jaká je výpovědní lhůta?')).status === 200;
    }
    const rpo = percentile(ages, 1);
    return {
      figures: [
        judged(
          'the restored state has the same root over tables, files and chain',
          String(isEqual),
          'true',
          isEqual,
        ),
        judged('a moment in the past holds exactly the events until then', String(isPast), 'true', isPast),
        judged(
          'restored by another user, on an empty folder',
          another,
          'equal',
          another === 'equal' || another.startsWith('skipped'),
        ),
        judged(
          `flipped bits that were refused by name, of ${tried}`,
          refused,
          String(tried),
          refused === tried,
        ),
        judged('the restored installation answers', String(works), 'true', works),
        judged(
          'RPO: the oldest that could have been lost under load',
          `${rpo.toFixed(0)} s`,
          '≤ 60 s',
          rpo <= 60,
        ),
        informative('RTO of this small installation', `${(rtoMs / 1000).toFixed(1)} s`),
      ],
      note: [latest, past]
        .filter(({ status }) => status !== 0)
        .map(({ output }) => output)
        .join('\n'),
    };
  },
};

/** Restores with the rights of a user who owns nothing here. */
function restoreAsNobody(path: (name: string) => string): string {
  if (process.getuid?.() !== 0) return 'skipped: only root can become another user';
  cpSync(path('backup'), path('carried'), { recursive: true });
  cpSync(path('data/backup.key'), path('carried.key'));
  mkdirSync(path('theirs'));
  for (const name of ['carried', 'carried.key', 'theirs']) spawnSync('chown', ['-R', NOBODY, path(name)]);
  const as = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const result = hradlo(
    ['restore', '--from', path('carried'), '--to', path('theirs/data'), '--key-file', path('carried.key')],
    as,
  );
  if (result.status !== 0) return result.output.slice(0, 300);
  const isTheirs = statSync(path('theirs/data/hradlo.db')).uid === Number(NOBODY);
  return isTheirs && rootOf(path('theirs/data')) === rootOf(path('data')) ? 'equal' : 'different';
}

/** Flips one bit of one object at a time; the restore must refuse and name the object. */
function flipBits(path: (name: string) => string, key: readonly string[], rounds: number) {
  const kinds = ['chunks', 'blobs', 'log', 'snapshots', 'keys'];
  const objects = kinds.flatMap((kind) =>
    readdirSync(path(`backup/${kind}`), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  // Objects that the newest restore reads: older copies and the log before it are not looked at.
  const newest = readdirSync(path('backup/snapshots')).toSorted().at(-1)!;
  const read = objects.filter((name) => !name.includes('/snapshots/') || name.endsWith(newest));
  let refused = 0;
  let tried = 0;
  for (let round = 0; round < rounds; round++) {
    const name = read[Math.floor((round / rounds) * read.length)]!;
    const whole = readFileSync(name);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(Math.random() * flipped.length)]! ^= 1 << Math.floor(Math.random() * 8);
    writeFileSync(name, flipped);
    rmSync(path('flipped'), { recursive: true, force: true });
    const { status, output } = hradlo(['restore', '--from', path('backup'), '--to', path('flipped'), ...key]);
    writeFileSync(name, whole);
    // An object of an older copy is not read, and so cannot harm this restore.
    if (status === 0 && !output.includes('✗') && rootOf(path('flipped')) === rootOf(path('data'))) continue;
    tried += 1;
    if (status === 1 && output.includes(name.slice(path('backup/').length))) refused += 1;
  }
  return { refused, tried };
}
