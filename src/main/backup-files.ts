import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { KEY_BYTES } from '#platform/index.ts';
import { ConfigError } from './config.ts';
import type { Installation, InstallationPaths } from './installation.ts';

/** Small files of a data folder that a backup carries. The key of the backup itself is not one of them. */
export const INSTALLATION_FILES: ReadonlySet<string> = new Set([
  'chain-id',
  'checkpoints.txt',
  'commitment.key',
  'master.key',
  'secret.key',
  'signing.key',
  'tls.crt',
  'tls.key',
]);

/** The key that a backup is sealed with: out of a file that was named, or the installation's own. */
export function backupKeyOf(installation: Pick<Installation, 'backupKey'>, keyFile: string): Uint8Array {
  return keyFile === '' ? installation.backupKey : readKeyFile(keyFile);
}

/** A key of 32 bytes in base64. @throws {ConfigError} */
export function readKeyFile(path: string): Uint8Array {
  if (!existsSync(path)) throw new ConfigError([`There is no key at ${path}.`]);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new ConfigError([`${path} holds ${key.length} bytes, not a key of ${KEY_BYTES} bytes in base64.`]);
}

/** What the last try of a restore found; undefined when there was none. */
export async function readVerified(
  path: InstallationPaths['verifiedPath'],
): Promise<{ readonly atMs: number; readonly isWhole: boolean } | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { atMs, isWhole } = Object.fromEntries(Object.entries(value));
    return typeof atMs === 'number' && typeof isWhole === 'boolean' ? { atMs, isWhole } : undefined;
  } catch {
    return undefined;
  }
}

/** What a restore left for the first start after it, as fields of an audit event; undefined when there was none. */
export async function readRestored(
  path: InstallationPaths['restoredPath'],
): Promise<Record<string, string | null> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).map(([name, text]) => [name, typeof text === 'string' ? text : null]),
    );
  } catch {
    return undefined;
  }
}
