import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ChainReader, CheckpointSigner, verifyChains } from '#audit/index.ts';
import type { CommandValues, OfflineCommand } from '#cli/index.ts';
import { parseNotes } from '#core/index.ts';
import {
  Archive,
  ArchiveError,
  computeStateRoot,
  FolderInUseError,
  hasUnarchived,
  lockFolder,
  openForReading,
  restore,
  RestoreError,
  type Restored,
} from '#platform/index.ts';
import { readKeyFile } from './backup-files.ts';
import { ConfigError, readConfig } from './config.ts';
import { installationPaths, type InstallationPaths } from './installation.ts';
import { INSTALLATION } from './product.ts';

type Print = (text: string) => void;

/** A failure that is said in words. */
function sayOrThrow(error: unknown, print: Print): number {
  if (![ArchiveError, RestoreError, ConfigError].some((kind) => error instanceof kind)) throw error;
  print(`✗ ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

const iso = (timeMs: number) => new Date(timeMs).toISOString();

function restoreInto(folder: string, archive: Archive, atMs: number | undefined): Promise<Restored> {
  const paths = installationPaths(folder);
  const { keyFolder, blobFolder } = paths;
  return restore({
    archive,
    folder,
    atMs,
    databaseName: basename(paths.databasePath),
    blobFolder,
    keyFolder,
  });
}

/** Checks a restored folder: the file, the chain against its checkpoints, every blob by its digest. */
function inspect(folder: string): {
  readonly faults: readonly string[];
  readonly root: string;
  readonly events: number;
} {
  const paths = installationPaths(folder);
  const database = new DatabaseSync(paths.databasePath);
  try {
    const integrity = String(database.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
    const chainId = readFileSync(paths.chainIdPath, 'utf8').trim();
    const signer = new CheckpointSigner(chainId, readFileSync(paths.signingKeyPath, 'utf8').trim());
    const notes = existsSync(paths.checkpointPath)
      ? parseNotes(readFileSync(paths.checkpointPath, 'utf8'))
      : [];
    const chains = verifyChains(new ChainReader(database).list(), [], signer.verifierKey);
    const heads = [...chains.heads.values()].map((head) => head.sequence);
    const known = notes.filter((note) => note.sequence <= Math.max(0, ...heads));
    const checked = verifyChains(new ChainReader(database).list(), known, signer.verifierKey);
    const state = computeStateRoot(database, paths.blobFolder);
    return {
      faults: [
        ...(integrity === 'ok' ? [] : [`the database: ${integrity}`]),
        ...checked.faults.map(({ sequence, message }) => `audit event ${sequence}: ${message}`),
      ],
      root: state.root,
      events: checked.events,
    };
  } finally {
    database.close();
  }
}

function tell(restored: Restored, print: Print): void {
  print(
    `  copy of ${iso(restored.snapshotAtMs)}, then ${restored.commits} commits up to ${iso(restored.lastCommitAtMs)}\n`,
  );
  if (restored.brokenAfter !== undefined)
    print(`  · the log breaks off after ${iso(restored.brokenAfter)}\n`);
}

/** For the first start: that this is a restored state stands in the record then. */
function leaveNote({ restoredPath }: InstallationPaths, what: Readonly<Record<string, string | null>>): void {
  writeFileSync(restoredPath, JSON.stringify(what), { mode: 0o600 });
}

/** What the restored folder needs from elsewhere, or what stands in its way. */
function tellWhatIsMissing(paths: InstallationPaths, print: Print): void {
  if (!existsSync(join(paths.folder, 'master.key')))
    print(
      '· The master key of people’s texts is not in this backup: it lay outside the data folder. The server will not start without it. Say where it is: HRADLO_KEYS__MASTER_FILE=FILE, or keys.masterFile or keys.masterCommand in the configuration.\n',
    );
  if (existsSync(paths.outerCheckpointPath))
    print(
      `· ${paths.outerCheckpointPath} holds checkpoints of what stood here before: an older state does not agree with them. Keep them elsewhere.\n`,
    );
}

/** `hradlo restore`: a data folder out of a backup, as it was last, or at a moment. */
export function createRestoreCommand(print: Print): OfflineCommand {
  return async (_words, values) => {
    const { from, to, at } = values;
    const keyFile = values['key-file'];
    const atMs = at === undefined ? undefined : Date.parse(at);
    if (from === undefined || to === undefined || keyFile === undefined || Number.isNaN(atMs)) {
      print('hradlo restore --from BACKUP --to NEW-FOLDER --key-file FILE [--at 2026-11-20T12:00:00Z]\n');
      return 2;
    }
    const startedAtMs = performance.now();
    try {
      const paths = installationPaths(resolve(to));
      const restored = await restoreInto(resolve(to), new Archive(resolve(from), readKeyFile(keyFile)), atMs);
      tell(restored, print);
      const { faults, root, events } = inspect(resolve(to));
      for (const fault of faults) print(`✗ ${fault}\n`);
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      print(`  ${events} audit events, ${restored.blobs} files, root ${root}\n`);
      const asked = atMs === undefined ? null : iso(atMs);
      leaveNote(paths, { copyOf: iso(restored.snapshotAtMs), upTo: iso(restored.lastCommitAtMs), asked });
      tellWhatIsMissing(paths, print);
      print(
        faults.length === 0
          ? `Restored in ${seconds} s. Start it with --data ${to}.\n`
          : 'Restored with faults.\n',
      );
      return faults.length === 0 ? 0 : 1;
    } catch (error) {
      return sayOrThrow(error, print);
    }
  };
}

/** The backup that was named, or the one that is configured. */
function sourceOf(
  values: CommandValues,
  paths: InstallationPaths,
): { from: string | undefined; keyFile: string } {
  const { folder, keyFile } = readConfig([], process.env).backup;
  const configured = folder === '' ? undefined : resolve(INSTALLATION, folder);
  const ownKey = keyFile === '' ? paths.backupKeyPath : keyFile;
  return { from: values.from ?? configured, keyFile: values['key-file'] ?? ownKey };
}

/** `hradlo backup verify`: restores into a scratch folder, looks at everything, and compares with what is here. */
export function createBackupVerifyCommand(paths: InstallationPaths, print: Print): OfflineCommand {
  return async (_words, values) => {
    const { from, keyFile } = sourceOf(values, paths);
    if (from === undefined) {
      print('Which backup? hradlo backup verify --from FOLDER, or set backup.folder.\n');
      return 2;
    }
    const scratch = mkdtempSync(
      join(existsSync(paths.folder) ? paths.folder : dirname(paths.folder), 'scratch-'),
    );
    const faults: string[] = [];
    try {
      const folder = join(scratch, 'data');
      const restored = await restoreInto(folder, new Archive(from, readKeyFile(keyFile)), undefined);
      tell(restored, print);
      const found = inspect(folder);
      faults.push(...found.faults, ...compare(folder, paths));
      print(`  ${found.events} audit events, ${restored.blobs} files, root ${found.root}\n`);
    } catch (error) {
      if (sayOrThrow(error, print) === 1) faults.push('the backup cannot be restored');
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
    for (const fault of faults) print(`✗ ${fault}\n`);
    const isWhole = faults.length === 0;
    if (existsSync(paths.folder))
      writeFileSync(paths.verifiedPath, JSON.stringify({ atMs: Date.now(), isWhole }));
    print(isWhole ? 'The backup restores, and agrees with what is here.\n' : 'The backup does not hold.\n');
    return isWhole ? 0 : 1;
  };
}

/**
 * Whether what lies here is what the backup holds, table by table and file by file: so a bit that the disk flipped
 * shows. Only while no server runs, and when everything that was committed is in the backup.
 */
function compareTables(folder: string, live: InstallationPaths): string[] {
  try {
    lockFolder(live.lockPath)[Symbol.dispose]();
  } catch (error) {
    if (error instanceof FolderInUseError) return [];
    throw error;
  }
  if (hasUnarchived(live.spoolFolder, live.databasePath)) return [];
  const [theirs, ours] = [folder, live.folder].map((path) => {
    const { databasePath, blobFolder } = installationPaths(path);
    const database = openForReading(databasePath);
    try {
      return computeStateRoot(database, blobFolder);
    } finally {
      database.close();
    }
  });
  if (theirs === undefined || ours === undefined || theirs.root === ours.root) return [];
  const names = [...new Set([...Object.keys(theirs.tables), ...Object.keys(ours.tables)])];
  const tables = names.filter((name) => theirs.tables[name] !== ours.tables[name]);
  return [
    ...tables.map(
      (name) =>
        `the table ${name} is not what the backup holds: it was changed behind the server, or the disk lies`,
    ),
    ...(theirs.blobs === ours.blobs ? [] : ['the files are not those that the backup holds']),
  ];
}

/** Whether the restored chain is the beginning of the one that is here. */
function compare(folder: string, live: InstallationPaths): string[] {
  if (!existsSync(live.databasePath)) return [];
  const restored = openForReading(installationPaths(folder).databasePath);
  const here = openForReading(live.databasePath);
  try {
    const chainId = readFileSync(live.chainIdPath, 'utf8').trim();
    const head = new ChainReader(restored).head(chainId);
    if (head === undefined) return ['the backup holds no audit event of this installation'];
    const row = here
      .prepare('SELECT hash FROM audit_event WHERE chain_id = ? AND sequence = ?')
      .get(chainId, head.sequence);
    if (row?.['hash'] !== head.hash) return [`audit event ${head.sequence} is another one here`];
    return compareTables(folder, live);
  } finally {
    restored.close();
    here.close();
  }
}
