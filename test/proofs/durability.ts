import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyDatabase, cutAt, readRecord, STRACE, type RecordedCall } from '../support/recorded-writes.ts';
import { KillLoad } from '../support/kill-load.ts';
import { percentile, scratchFolder } from '../support/scratch.ts';
import { ServerProcess } from '../support/server-process.ts';
import { judged, timing, type Figure, type Proof } from './proof.ts';

const LOAD = fileURLToPath(new URL('../support/writer-load.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
interface Kills {
  acknowledged: number;
  counts: string;
  lost: string[];
  readonly readyMs: number[];
  readonly faults: string[];
}

/** Faults of the file and of the record, and what was counted twice. */
function inspect(folder: string): string[] {
  const faults: string[] = [];
  const database = new DatabaseSync(join(folder, 'hradlo.db'));
  const check = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
  if (check !== 'ok') faults.push(`integrity: ${String(check)}`);
  const doubled = database.prepare('SELECT count(*) - count(DISTINCT answer_id) AS n FROM usage').get()?.[
    'n'
  ];
  if (doubled !== 0) faults.push('usage was counted twice');
  const keys = database.prepare('PRAGMA foreign_key_check').all();
  if (keys.length > 0) faults.push(`${keys.length} rows refer to nothing`);
  database.close();
  const verify = spawnSync(process.execPath, [`${ROOT}src/main/cli.ts`, 'verify', '--data', folder], {
    encoding: 'utf8',
  });
  if (verify.status !== 0) faults.push(verify.stdout);
  return faults;
}

/** Kills the server while it starts and takes its samples in: nothing was acknowledged, and it must start again. */
async function killStarts(folder: string, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    let end = () => undefined as void;
    const starting = ServerProcess.start({ folder, onSpawn: (kill) => (end = kill) });
    const settled = starting.then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([settled, setTimeout(300 + Math.random() * 2500)]);
    end();
    await settled;
  }
}

/** Kills the server again and again, first while it takes its first documents in, then under load. */
async function killRounds(scratch: string, rounds: number): Promise<Kills> {
  const folder = join(scratch, 'data');
  const corpus = join(scratch, 'corpus');
  mkdirSync(corpus);
  await killStarts(folder, Math.ceil(rounds / 10));
  const load = new KillLoad(corpus);
  {
    await using first = await ServerProcess.start({ folder });
    await load.setUp(first);
    first.kill('SIGKILL');
    await first.exited;
  }
  const readyMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await using server = await ServerProcess.start({ folder });
    readyMs.push(server.readyAfterMs);
    const loading = load.run(server);
    await setTimeout(50 + Math.random() * 900);
    server.kill('SIGKILL');
    await server.exited;
    await loading;
    if (round % 10 === 9) console.log(`  … ${round + 1} kills, acknowledged: ${load.counts}`);
  }
  const faults = inspect(folder);
  {
    await using last = await ServerProcess.start({ folder });
    const left = await load.finish(last, 240_000);
    if (left !== undefined) faults.push(left);
    last.kill('SIGTERM');
    await last.exited;
  }
  return {
    acknowledged: load.acknowledged,
    counts: load.counts,
    lost: load.listLost(folder),
    readyMs,
    faults: [...faults, ...inspect(folder)],
  };
}

/** Runs the writer under strace and reads what it did to its files. */
function record(folder: string, synchronous: string, units: number): { base: string; calls: RecordedCall[] } {
  const base = join(folder, `base-${synchronous}`);
  const live = join(folder, `live-${synchronous}`);
  for (const path of [base, live]) mkdirSync(path);
  execFileSync(process.execPath, [LOAD, live, synchronous, '0']);
  copyDatabase(live, base);
  const trace = join(folder, `trace-${synchronous}`);
  execFileSync(
    STRACE[0]!,
    [...STRACE.slice(1), '-o', trace, process.execPath, LOAD, live, synchronous, String(units), '4'],
    {
      stdio: 'ignore',
    },
  );
  return { base, calls: readRecord(trace, ['hradlo.db', 'hradlo.db-wal']) };
}

/** Acknowledgements that came while something written to the log was not yet synced. */
function countEarly(calls: readonly RecordedCall[]): { early: number; acknowledged: number } {
  let early = 0;
  let acknowledged = 0;
  // With four callers the next batch may be on its way when an acknowledgement is printed: what counts is that a
  // sync came between the write of a unit and its own acknowledgement.
  const unsynced = new Map<string, string>();
  let text = '';
  for (const call of calls) {
    if (call.type === 'write' && call.file === 'hradlo.db-wal') text += call.bytes.toString('latin1');
    if (call.type === 'sync' && call.file === 'hradlo.db-wal') {
      for (const [, key = ''] of text.matchAll(/(unit-\d+)/g)) unsynced.set(key, 'synced');
      text = '';
    }
    if (call.type !== 'ack') continue;
    acknowledged += 1;
    if (unsynced.get(call.key) !== 'synced') early += 1;
  }
  return { early, acknowledged };
}

/** Rebuilds the files at cut points and opens them. */
function cutPower(folder: string, recorded: { base: string; calls: RecordedCall[] }, cuts: number) {
  const into = join(folder, 'cut');
  mkdirSync(into, { recursive: true });
  const { calls, base } = recorded;
  // Each point once.
  const points = calls
    .map((_call, index) => ({ index, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, cuts)
    .map(({ index }) => index);
  let lost = 0;
  let corrupt = 0;
  let tried = 0;
  let turn = 0;
  const keepShare = () => [0, 0.5, 1][turn++ % 3]!;
  for (const { acknowledged } of cutAt(calls, points, { from: base, into, keepShare })) {
    tried += 1;
    try {
      const database = new DatabaseSync(join(into, 'hradlo.db'));
      if (database.prepare('PRAGMA integrity_check').get()?.['integrity_check'] !== 'ok') corrupt += 1;
      const there = new Set(
        database
          .prepare("SELECT name FROM setting WHERE name LIKE 'unit-%'")
          .all()
          .map((row) => row['name']),
      );
      if ([...acknowledged].some((key) => !there.has(key))) lost += 1;
      database.close();
    } catch {
      corrupt += 1;
    }
  }
  return { tried, lost, corrupt };
}

export const proof: Proof = {
  promise: 'what was acknowledged is there, whatever happens to the process or to the power',
  async run({ isQuick }) {
    using scratch = scratchFolder('durability');
    const rounds = isQuick ? 2 : 100;
    const cuts = isQuick ? 60 : 1000;
    const units = isQuick ? 60 : 400;
    const kills = await killRounds(scratch.path, rounds);
    const full = record(scratch.path, 'FULL', units);
    const order = countEarly(full.calls);
    const cut = cutPower(scratch.path, full, cuts);
    const normal = record(scratch.path, 'NORMAL', units);
    const control = cutPower(scratch.path, normal, cuts);
    const slowestMs = percentile(kills.readyMs, 1);
    const ready = `${(slowestMs / 1000).toFixed(1)} s (median ${(percentile(kills.readyMs, 0.5) / 1000).toFixed(1)} s)`;
    const figures: Figure[] = [
      judged(
        `acknowledged and lost in ${rounds} kills, of ${kills.acknowledged}`,
        kills.lost.length,
        '0',
        kills.lost.length === 0 && kills.acknowledged > 0,
      ),
      judged('faults found after the kills', kills.faults.length, '0', kills.faults.length === 0),
      timing('ready again after a kill, slowest', ready, '≤ 5 s', slowestMs <= 5000),
      judged(
        `acknowledged before the fsync, of ${order.acknowledged}`,
        order.early,
        '0',
        order.early === 0 && order.acknowledged === units,
      ),
      judged(`power cuts that lost something, of ${cut.tried}`, cut.lost, '0', cut.lost === 0),
      judged(`power cuts that left a damaged file, of ${cut.tried}`, cut.corrupt, '0', cut.corrupt === 0),
      judged(
        `control, synchronous=NORMAL: power cuts that lost something, of ${control.tried}`,
        control.lost,
        '> 0',
        control.lost > 0,
      ),
    ];
    return { figures, note: [kills.counts, ...kills.faults, ...kills.lost.slice(0, 5)].join('\n') };
  },
};
