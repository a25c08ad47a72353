import { existsSync, readdirSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { ChainReader } from '#audit/index.ts';
import type { OfflineCommand } from '#cli/index.ts';
import { freeBytes, openForReading } from '#platform/index.ts';
import { readVerified } from './backup-files.ts';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config-schema.ts';
import type { InstallationPaths } from './installation.ts';
import { INSTALLATION } from './product.ts';

/** One thing that was looked at: in order, worth a look, or wrong; with what to do. */
export interface Finding {
  readonly state: 'good' | 'note' | 'wrong';
  /** For who says it in another language. */
  readonly code: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string | number>>;
}

type Values = Finding['values'];
const good = (code: string, text: string, values: Values = {}): Finding => {
  return { state: 'good', code, text, values };
};
const note = (code: string, text: string, values: Values = {}): Finding => {
  return { state: 'note', code, text, values };
};
const wrong = (code: string, text: string, values: Values = {}): Finding => {
  return { state: 'wrong', code, text, values };
};

const GIB = 1024 ** 3;
const LITTLE_ROOM_BYTES = 2 * GIB;
const OLD_VERIFICATION_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether a server answers on the socket, and what it says of its readiness. */
async function askServer(socketPath: string): Promise<number | undefined> {
  const { promise, resolve: settle } = Promise.withResolvers<number | undefined>();
  const sent = request({ socketPath, path: '/readyz', headers: { host: 'localhost' } }, (response) => {
    response.resume();
    settle(response.statusCode);
  });
  sent.once('error', () => settle(undefined));
  sent.setTimeout(3_000, () => sent.destroy());
  sent.end();
  return promise;
}

async function lookAtServer(paths: InstallationPaths): Promise<Finding> {
  const status = await askServer(paths.socketPath);
  if (status === 200) return good('server.ready', 'The server runs and takes requests.');
  if (status !== undefined)
    return wrong(
      'server.refusing',
      'The server runs but takes no requests. Its log says why: look for writer.state and server.ready.',
    );
  return note('server.none', 'No server runs here. Start it with "npm start".');
}

function lookAtDatabase(paths: InstallationPaths): Finding[] {
  if (!existsSync(paths.databasePath))
    return [note('database.none', 'There is no database yet; the first start makes it.')];
  const database = openForReading(paths.databasePath);
  try {
    const check = String(database.prepare('PRAGMA quick_check').get()?.['quick_check']);
    let events = 0;
    for (const _row of new ChainReader(database).list()) events += 1;
    const size = (statSync(paths.databasePath).size / 1024 ** 2).toFixed(1);
    return [
      check === 'ok'
        ? good('database.whole', `The database is whole: ${size} MiB, ${events} audit events.`, {
            size,
            events,
          })
        : wrong(
            'database.damaged',
            `The database is damaged: ${check}. Stop the server and restore a backup: hradlo restore.`,
          ),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      wrong(
        'database.unreadable',
        `The database cannot be read: ${why}. Stop the server and restore a backup: hradlo restore.`,
      ),
    ];
  } finally {
    database.close();
  }
}

function lookAtFolder(paths: InstallationPaths, config: Config): Finding[] {
  if (!existsSync(paths.folder))
    return [note('folder.none', `There is no data folder at ${paths.folder}; the first start makes it.`)];
  const findings: Finding[] = [];
  const isOpen = (statSync(paths.folder).mode & 0o077) !== 0;
  if (isOpen)
    findings.push(
      wrong('folder.open', `Others may enter the data folder. Run: chmod 700 ${paths.folder}`, {
        folder: paths.folder,
      }),
    );
  const free = freeBytes(paths.folder);
  const gibibytes = (free / GIB).toFixed(1);
  const room = `${gibibytes} GiB free`;
  findings.push(
    free < Math.max(LITTLE_ROOM_BYTES, config.data.reserveBytes * 2)
      ? wrong(
          'disk.full',
          `The disk is nearly full: ${room}. Make room; until then new work may be refused.`,
          { gibibytes },
        )
      : good('disk.room', `There is room on the disk: ${room}.`, { gibibytes }),
  );
  if (!existsSync(paths.reservePath) && existsSync(paths.databasePath))
    findings.push(
      note(
        'disk.no_reserve',
        'The reserve for a full disk is not there; the server makes it when there is room.',
      ),
    );
  const halves = readdirSync(paths.folder).filter(
    (name) => name.endsWith('.new') || name.startsWith('scratch-'),
  );
  if (halves.length > 0)
    findings.push(
      note(
        'folder.leftovers',
        `Left behind by something that was cut short, may be deleted: ${halves.join(', ')}`,
        { names: halves.join(', ') },
      ),
    );
  if (config.data.synchronous !== 'FULL')
    findings.push(
      wrong(
        'disk.not_synchronous',
        'data.synchronous is NORMAL: a power cut loses what was acknowledged. Set it to FULL.',
      ),
    );
  return findings;
}

async function lookAtBackup(paths: InstallationPaths, config: Config): Promise<Finding[]> {
  if (config.backup.folder === '')
    return [
      wrong(
        'backup.none',
        'No backup is configured. Set backup.folder to a folder on another disk, and keep a copy of backup.key elsewhere.',
      ),
    ];
  const folder = resolve(INSTALLATION, config.backup.folder);
  if (!existsSync(folder))
    return [
      wrong('backup.no_folder', `The backup folder ${folder} is not there. Is its disk mounted?`, { folder }),
    ];
  const findings: Finding[] = [];
  if (existsSync(paths.folder) && statSync(folder).dev === statSync(paths.folder).dev)
    findings.push(note('backup.same_disk', 'The backup lies on the same disk as the data. It should not.'));
  const copies = existsSync(join(folder, 'snapshots')) ? readdirSync(join(folder, 'snapshots')) : [];
  findings.push(
    copies.length === 0
      ? wrong('backup.no_copy', 'The backup holds no copy yet. Run: hradlo backup')
      : good('backup.copies', `The backup holds ${copies.length} copies.`, { copies: copies.length }),
  );
  const verified = await readVerified(paths.verifiedPath);
  if (verified === undefined || Date.now() - verified.atMs > OLD_VERIFICATION_MS)
    findings.push(
      wrong(
        'backup.not_tried',
        'It was not tried in the last week whether the backup restores. Run: hradlo backup verify',
      ),
    );
  else if (!verified.isWhole)
    findings.push(
      wrong('backup.broken', 'The last try to restore the backup failed. Run: hradlo backup verify'),
    );
  else findings.push(good('backup.tried', 'The backup was restored and compared within the last week.'));
  return findings;
}

function lookAtAudit(paths: InstallationPaths, config: Config): Finding {
  if (config.audit.checkpointFile !== '')
    return good('audit.second_place', 'Signed checkpoints go to a second place.');
  const path = paths.outerCheckpointPath;
  if (existsSync(paths.databasePath) && !existsSync(path))
    return wrong(
      'audit.one_place',
      `Signed checkpoints lie only beside the database: ${path} cannot be written. Set audit.checkpointFile to a place on another disk or machine.`,
      { path },
    );
  return note(
    'audit.near_place',
    `Signed checkpoints go beside the data folder too (${path}). Who may change the one may change the other: set audit.checkpointFile to a place on another disk or machine.`,
    { path },
  );
}

/** Where the key is that opens people's texts: a backup without it restores everything but them. */
function lookAtMasterKey(paths: InstallationPaths, { keys: { masterFile, masterCommand } }: Config): Finding {
  if (masterFile === '' && masterCommand.length === 0)
    return note(
      'keys.inside',
      'The master key of people’s texts lies in the data folder, and so in the backup, sealed. To keep them apart set keys.masterFile or keys.masterCommand.',
    );
  if (masterCommand.length === 0 && !existsSync(masterFile) && existsSync(paths.databasePath))
    return wrong(
      'keys.missing',
      `The master key is missing: there is no file ${masterFile} (keys.masterFile). Put it back.`,
      { path: masterFile },
    );
  return note(
    'keys.outside',
    'The master key of people’s texts lies outside the data folder and is NOT in the backup. Keep a copy of it elsewhere: without it kept questions and answers cannot be read after a restore.',
  );
}

/** What the running server can say of its own installation without stopping for it. */
export async function examineRunning(paths: InstallationPaths, config: Config): Promise<Finding[]> {
  return [
    ...lookAtFolder(paths, config),
    ...(await lookAtBackup(paths, config)),
    lookAtAudit(paths, config),
    lookAtMasterKey(paths, config),
  ];
}

/** `hradlo doctor`: what is wrong here, in plain words, with what to do. */
export function createDoctorCommand(paths: InstallationPaths, print: (text: string) => void): OfflineCommand {
  return async () => {
    let config: Config;
    try {
      config = readConfig([], process.env);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      print(`✗ ${error.message}\n`);
      return 1;
    }
    const findings = [
      await lookAtServer(paths),
      ...lookAtFolder(paths, config),
      ...lookAtDatabase(paths),
      ...(await lookAtBackup(paths, config)),
      lookAtAudit(paths, config),
      lookAtMasterKey(paths, config),
    ];
    const marks = { good: '✓', note: '·', wrong: '✗' };
    for (const { state, text } of findings) print(`${marks[state]} ${text}\n`);
    return findings.some(({ state }) => state === 'wrong') ? 1 : 0;
  };
}
