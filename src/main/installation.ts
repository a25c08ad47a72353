import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeSigningKey } from '#audit/index.ts';
import type { Config } from './config-schema.ts';
import { ConfigError } from './config.ts';

/** Where things lie in a data folder. */
export interface InstallationPaths {
  readonly folder: string;
  readonly databasePath: string;
  readonly blobFolder: string;
  /** What was read and is not in the database yet. */
  readonly readFolder: string;
  /** Keys of people's texts, wrapped by the master key. */
  readonly keyFolder: string;
  /** Ids of erased documents; among the keys, since a backup carries those as they are today, not as they were. */
  readonly erasedPath: string;
  readonly lockPath: string;
  /** A file that holds room for what must still be written when the disk is full. */
  readonly reservePath: string;
  readonly socketPath: string;
  /** Derived from the database: may be deleted while the program is stopped, and is made anew. */
  readonly segmentsFolder: string;
  /** The same over vectors of a chosen model, in a folder for each. */
  readonly encodedSegmentsFolder: string;
  readonly chainIdPath: string;
  /** Pieces of the database's log that wait to be archived. */
  readonly spoolFolder: string;
  readonly backupKeyPath: string;
  /** What the last try of a restore found. */
  readonly verifiedPath: string;
  readonly signingKeyPath: string;
  /** Signed checkpoints of the audit chain. */
  readonly checkpointPath: string;
  /** The same beside the data folder, where a copy that is put in its place does not bring its own. */
  readonly outerCheckpointPath: string;
  /** What a restore left for the first start after it to write into the record. */
  readonly restoredPath: string;
}

/** What one installation keeps beside its database: made once, never sent anywhere. */
export interface Installation extends InstallationPaths {
  /** Name of the audit chain that this installation writes. */
  readonly chainId: string;
  /** Key of the commitments in the record. */
  readonly commitmentKey: Uint8Array;
  /** Key of the hashes and seals of credentials: without it a copy of the database tests no guess. */
  readonly secretKey: Uint8Array;
  /** Wraps the keys of people's texts. */
  readonly masterKey: Uint8Array;
  /** Seals backups. */
  readonly backupKey: Uint8Array;
  /** Signs checkpoints; base64 of its PKCS 8 form. */
  readonly signingKey: string;
}

const KEY_BYTES = 32;
const COMMAND_TIMEOUT_MS = 10_000;
/** Files of people's keys, wrapped by the master key. */
export const WRAPPED_KEY = /^cnt_[a-z0-9]+$/;

function syncPath(path: string, flags: string): void {
  const file = openSync(path, flags);
  fsyncSync(file);
  closeSync(file);
}

/** Reads a small file, or makes it: durable before it is used, since what it protects will be. */
function readOrMake(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const value = make();
  // Renamed into place, so that a kill half-way leaves no half a key.
  const file = openSync(`${path}.new`, 'w', 0o600);
  writeSync(file, `${value}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  syncPath(dirname(path), 'r');
  return value;
}

function hasWrappedKeys(folder: string): boolean {
  const { keyFolder } = installationPaths(folder);
  return existsSync(keyFolder) && readdirSync(keyFolder).some((name) => WRAPPED_KEY.test(name));
}

/** The master key: what a command prints, or a file, by default one in the data folder. @throws {ConfigError} */
function readMasterKey(
  folder: string,
  { masterFile, masterCommand }: Config['keys'],
  make: () => string,
): Buffer {
  const [command, ...args] = masterCommand;
  const path = masterFile === '' ? join(folder, 'master.key') : masterFile;
  // A new one would open nothing: what was wrapped needs the key that it was wrapped with.
  if (command === undefined && !existsSync(path) && hasWrappedKeys(folder))
    throw new ConfigError([
      `The master key is missing: there is no file ${path}, and the texts of people were sealed with it. Put it back there, or say where it is: keys.masterFile (HRADLO_KEYS__MASTER_FILE) or keys.masterCommand.`,
    ]);
  const text =
    command === undefined
      ? readOrMake(path, make)
      : execFileSync(command, args, {
          encoding: 'utf8',
          timeout: COMMAND_TIMEOUT_MS,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new ConfigError([`keys: the master key must be ${KEY_BYTES} bytes in base64, not ${key.length}.`]);
}

/** The layout of a data folder. */
export function installationPaths(folder: string): InstallationPaths {
  return {
    folder,
    databasePath: join(folder, 'hradlo.db'),
    blobFolder: join(folder, 'blobs'),
    readFolder: join(folder, 'read'),
    keyFolder: join(folder, 'keys'),
    erasedPath: join(folder, 'keys', 'erased_documents'),
    reservePath: join(folder, 'reserve'),
    lockPath: join(folder, 'lock'),
    socketPath: join(folder, 'hradlo.sock'),
    segmentsFolder: join(folder, 'segments'),
    encodedSegmentsFolder: join(folder, 'segments-encoded'),
    spoolFolder: join(folder, 'log-spool'),
    backupKeyPath: join(folder, 'backup.key'),
    verifiedPath: join(folder, 'backup-verified.json'),
    chainIdPath: join(folder, 'chain-id'),
    signingKeyPath: join(folder, 'signing.key'),
    checkpointPath: join(folder, 'checkpoints.txt'),
    outerCheckpointPath: `${folder.replace(/[/\\]+$/, '')}.checkpoints`,
    restoredPath: join(folder, 'restored.json'),
  };
}

/** Opens or makes the data folder; only its owner may enter. */
export function openInstallation(folder: string, keys: Config['keys']): Installation {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const paths = installationPaths(folder);
  const makeKey = (): string => randomBytes(KEY_BYTES).toString('base64');
  const commitmentKey = readOrMake(join(folder, 'commitment.key'), makeKey);
  const secretKey = readOrMake(join(folder, 'secret.key'), makeKey);
  return {
    ...paths,
    chainId: readOrMake(paths.chainIdPath, () => `chain-${randomBytes(8).toString('hex')}`),
    commitmentKey: Buffer.from(commitmentKey, 'base64'),
    secretKey: Buffer.from(secretKey, 'base64'),
    masterKey: readMasterKey(folder, keys, makeKey),
    backupKey: Buffer.from(readOrMake(paths.backupKeyPath, makeKey), 'base64'),
    signingKey: readOrMake(paths.signingKeyPath, makeSigningKey),
  };
}
