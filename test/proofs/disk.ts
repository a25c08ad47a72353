import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CommandValues, OfflineCommand } from '#cli/index.ts';
import { installationPaths } from '#main/installation.ts';
import { createBackupVerifyCommand } from '#main/restore-commands.ts';
import { createVerifyCommand } from '#main/verify-command.ts';
import { computeStateRoot } from '#platform/index.ts';
import { scratchFolder } from '../support/scratch.ts';
import { ServerProcess } from '../support/server-process.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

const LOAD = fileURLToPath(new URL('../support/writer-load.ts', import.meta.url));
const QUESTION = 'Jaká je výpovědní lhůta?';
const MIB = 1024 * 1024;

/** Runs a command where the server's own mounts are seen. */
function inside(server: ServerProcess, script: string): void {
  spawnSync('nsenter', ['-t', String(server.pid), '-U', '-m', '--preserve-credentials', 'sh', '-c', script]);
}

/** A server whose data folder is a small file system of its own, filled up again and again. */
async function fillUp(folder: string, rounds: number): Promise<Figure[]> {
  mkdirSync(folder);
  const under = [
    'unshare',
    '-Urm',
    'sh',
    '-c',
    `mount -t tmpfs -o size=24m tmpfs ${folder} && exec "$@"`,
    'sh',
  ];
  await using server = await ServerProcess.start({
    folder,
    under,
    flags: ['--data.reserveBytes', String(MIB)],
  });
  let refused = 0;
  let reads = 0;
  let otherAnswers = 0;
  let slowestResumeMs = 0;
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const leave = Math.floor(Math.random() * 300) * 1024;
    inside(
      server,
      `n=$(df --output=avail -B1 ${folder} | tail -1); dd if=/dev/zero of=${folder}/fill bs=4096 count=$(( (n - ${leave}) / 4096 )) 2>/dev/null`,
    );
    let isFull = false;
    for (let turn = 0; turn < 400 && !isFull; turn++) {
      const { status, body } = await server.ask(`${QUESTION} ${'x'.repeat(2000)}`);
      if (status === 200) acknowledged.push(String(body.hradlo?.answer_id ?? body.id));
      else if (status === 507) isFull = true;
      else otherAnswers += 1;
    }
    if (isFull) refused += 1;
    if ((await server.json('GET', '/hradlo/v1/collections')).status === 200) reads += 1;
    inside(server, `rm -f ${folder}/fill`);
    const freedAtMs = performance.now();
    while ((await server.ask(QUESTION)).status !== 200 && performance.now() - freedAtMs < 30_000)
      await setTimeout(100);
    slowestResumeMs = Math.max(slowestResumeMs, performance.now() - freedAtMs);
    if (round % 10 === 9) console.log(`  … ${round + 1} full disks`);
  }
  let lost = 0;
  for (const id of acknowledged) {
    const answer = id.startsWith('ans_') ? id : `ans_${id.replace(/^.*_/, '')}`;
    const { status, body } = await server.json('GET', `/hradlo/v1/answers/${answer}/certificate`);
    if (status !== 200 || body.state !== 'ended') lost += 1;
  }
  return [
    judged('full disks that were refused with 507', refused, String(rounds), refused === rounds),
    judged('anything but 200 and 507', otherAnswers, '0', otherAnswers === 0),
    judged('reads that went on', reads, String(rounds), reads === rounds),
    judged(
      'resumed by itself after room came, slowest',
      `${(slowestResumeMs / 1000).toFixed(1)} s`,
      '≤ 10 s',
      slowestResumeMs <= 10_000,
    ),
    judged(
      `acknowledged and lost, of ${acknowledged.length}`,
      lost,
      '0',
      lost === 0 && acknowledged.length > 0,
    ),
  ];
}

/** The writer under strace, which lets fsync fail from some call on. */
function failSync(folder: string, rounds: number): Figure {
  let early = 0;
  let stopped = 0;
  for (let round = 0; round < rounds; round++) {
    const data = join(folder, `fsync-${round}`);
    mkdirSync(data);
    execFileSync(process.execPath, [LOAD, data, 'FULL', '0']);
    const when = 6 + Math.floor(Math.random() * 20);
    const trace = [
      'strace',
      '-f',
      '-o',
      '/dev/null',
      '-e',
      'trace=fsync,fdatasync',
      '-e',
      `inject=fsync,fdatasync:error=EIO:when=${when}+`,
    ];
    const { stdout } = spawnSync(
      trace[0]!,
      [...trace.slice(1), process.execPath, LOAD, data, 'FULL', '60', '1'],
      { encoding: 'utf8' },
    );
    const acked = [...stdout.matchAll(/ACK (\S+)/g)].map((match) => match[1]!);
    if (acked.length < 60) stopped += 1;
    // Everything is read back from the file as the kernel has it: more may be there, never less.
    const database = new DatabaseSync(join(data, 'hradlo.db'));
    const there = new Set(
      database
        .prepare("SELECT name FROM setting WHERE name LIKE 'unit-%'")
        .all()
        .map((row) => row['name']),
    );
    database.close();
    // Units are written one after the other: the first that fails must be the last that was tried.
    const order = acked.map((key) => Number(key.slice('unit-'.length)));
    if (order.some((number, index) => number !== index) || acked.some((key) => !there.has(key))) early += 1;
  }
  return judged(
    `runs with a failing fsync that acknowledged after it, of ${rounds} (${stopped} stopped)`,
    early,
    '0',
    early === 0 && stopped === rounds,
  );
}

/** Runs a command of the product here and says whether it found a fault. */
async function finds(command: OfflineCommand, values: Partial<CommandValues>): Promise<boolean> {
  try {
    return (await command([], { json: false, ...values })) !== 0;
  } catch {
    // It cannot even be read: that is noticed.
    return true;
  }
}

/** What notices that something in a folder changed; undefined when nothing does. */
async function detect(folder: string, backup: string): Promise<string | undefined> {
  try {
    const database = new DatabaseSync(join(folder, 'hradlo.db'));
    try {
      if (database.prepare('PRAGMA integrity_check').get()?.['integrity_check'] !== 'ok')
        return 'integrity check (doctor)';
      database.prepare('SELECT count(*) FROM chunk').get();
    } finally {
      database.close();
    }
  } catch {
    return 'the database does not open';
  }
  for (const entry of readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.length !== 64) continue;
    const content = readFileSync(join(entry.parentPath, entry.name));
    if (createHash('sha256').update(content).digest('hex') !== entry.name) return 'digest of a file';
  }
  const paths = installationPaths(folder);
  const silent = () => undefined;
  if (await finds(createVerifyCommand(paths, silent), {})) return 'verify';
  const verified = { from: backup, 'key-file': paths.backupKeyPath };
  return (await finds(createBackupVerifyCommand(paths, silent), verified)) ? 'backup verify' : undefined;
}

/** Flips single bits in database, log and files, and looks whether they are noticed or change nothing. */
async function flipBits(scratch: string, rounds: number): Promise<Figure[]> {
  const folder = join(scratch, 'flips');
  const backup = join(scratch, 'flips-backup');
  {
    await using server = await ServerProcess.start({ folder, flags: ['--backup.folder', backup] });
    for (let turn = 0; turn < 6; turn++) await server.ask(QUESTION);
    await server.json('POST', '/admin/v1/backups', {});
    for (let turn = 0; turn < 6; turn++) await server.ask(QUESTION);
    await setTimeout(12_000);
    server.kill('SIGKILL');
    await server.exited;
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && (/^hradlo\.db(-wal)?$/.test(entry.name) || entry.parentPath.includes('blobs/')),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const rootOf = (path: string) => {
    const database = new DatabaseSync(join(path, 'hradlo.db'));
    try {
      return computeStateRoot(database, join(path, 'blobs')).root;
    } finally {
      database.close();
    }
  };
  const copy = join(scratch, 'flipped');
  cpSync(folder, copy, { recursive: true });
  const before = rootOf(copy);
  const by = new Map<string, number>();
  const silent: string[] = [];
  for (let round = 0; round < rounds; round++) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(folder, copy, { recursive: true });
    // A third each: database, log, files.
    const kind = round % 3;
    const name =
      kind === 0
        ? 'hradlo.db'
        : kind === 1
          ? 'hradlo.db-wal'
          : files.filter((file) => file.startsWith('blobs'))[round % 10]!;
    const bytes = readFileSync(join(copy, name));
    if (statSync(join(copy, name)).size === 0) continue;
    bytes[Math.floor(Math.random() * bytes.length)]! ^= 1 << Math.floor(Math.random() * 8);
    writeFileSync(join(copy, name), bytes);
    const found = await detect(copy, backup);
    if (round % 20 === 19) console.log(`  … ${round + 1} flipped bits`);
    let isHarmless = false;
    try {
      isHarmless = found === undefined && rootOf(copy) === before;
    } catch {
      isHarmless = false;
    }
    const how = found ?? (isHarmless ? 'harmless' : 'NOT NOTICED');
    if (how === 'NOT NOTICED') silent.push(name);
    by.set(how, (by.get(how) ?? 0) + 1);
  }
  return [
    judged(
      `flipped bits that were neither noticed nor harmless, of ${rounds}`,
      silent.length,
      '0',
      silent.length === 0,
    ),
    informative('noticed by', [...by].map(([how, count]) => `${how} ${count}`).join(', ')),
  ];
}

export const proof: Proof = {
  promise: 'a full, failing or lying disk costs nothing that was acknowledged',
  async run({ isQuick }) {
    using scratch = scratchFolder('disk');
    return {
      figures: [
        ...(await fillUp(join(scratch.path, 'small'), isQuick ? 2 : 50)),
        failSync(scratch.path, isQuick ? 2 : 20),
        ...(await flipBits(scratch.path, isQuick ? 9 : 200)),
      ],
    };
  },
};
