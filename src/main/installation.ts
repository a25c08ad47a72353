import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one installation keeps beside its database: made once, never sent anywhere. */
export interface Installation {
  readonly folder: string;
  readonly databasePath: string;
  readonly blobFolder: string;
  readonly lockPath: string;
  /** A file that holds room for what must still be written when the disk is full. */
  readonly reservePath: string;
  readonly socketPath: string;
  /** Name of the audit chain that this installation writes. */
  readonly chainId: string;
  /** Key of the commitments in the record. */
  readonly commitmentKey: Uint8Array;
  /** Key of the hashes and seals of credentials: without it a copy of the database tests no guess. */
  readonly secretKey: Uint8Array;
}

const KEY_BYTES = 32;

function readOrMake(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const value = make();
  // Renamed into place, so that a kill half-way leaves no half a key.
  writeFileSync(`${path}.new`, `${value}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return value;
}

/** Opens or makes the data folder; only its owner may enter. */
export function openInstallation(folder: string): Installation {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const chainId = readOrMake(join(folder, 'chain-id'), () => `chain-${randomBytes(8).toString('hex')}`);
  const makeKey = (): string => randomBytes(KEY_BYTES).toString('base64');
  const commitmentKey = readOrMake(join(folder, 'commitment.key'), makeKey);
  const secretKey = readOrMake(join(folder, 'secret.key'), makeKey);
  return {
    folder,
    databasePath: join(folder, 'hradlo.db'),
    blobFolder: join(folder, 'blobs'),
    reservePath: join(folder, 'reserve'),
    lockPath: join(folder, 'lock'),
    socketPath: join(folder, 'hradlo.sock'),
    chainId,
    commitmentKey: Buffer.from(commitmentKey, 'base64'),
    secretKey: Buffer.from(secretKey, 'base64'),
  };
}
