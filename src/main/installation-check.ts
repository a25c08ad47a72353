import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Statement } from '#contracts/index.ts';
import { digestOf } from '#platform/index.ts';
import type { Parts } from './compose.ts';
import { ConfigError } from './config.ts';

/** Small files on which the record rests. A changed bit in one is a plausible other key, so nothing else would tell. */
const FILES = ['chain-id', 'commitment.key', 'secret.key', 'signing.key'] as const;

/** Keeps a value under a name unless there is one; returns the one that is there. */
function keepFirst(name: string, value: string, nowMs: number): Statement {
  const sql = `INSERT INTO setting (name, value, updated_at_ms) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET name = name RETURNING value`;
  return { sql, parameters: [name, value, nowMs] };
}

/**
 * Compares the installation's keys with digests that the database keeps since they were first used.
 * @throws {ConfigError} naming every file that is another one than it was.
 */
export async function checkInstallation({ installation, writer, clock }: Parts): Promise<void> {
  const nowMs = clock.nowMs();
  const digests = FILES.map((name) => digestOf(readFileSync(join(installation.folder, name))));
  const { rows } = await writer.write({
    isEssential: true,
    statements: FILES.map((name, index) => keepFirst(`digest of ${name}`, digests[index]!, nowMs)),
    audit: [],
  });
  const changed = FILES.filter((_name, index) => rows[index]?.[0]?.['value'] !== digests[index]);
  if (changed.length === 0) return;
  throw new ConfigError(
    changed.map(
      (name) =>
        `${join(installation.folder, name)} is not the file that this installation was made with. Put the old one back, out of a backup.`,
    ),
  );
}
