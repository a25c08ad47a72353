import type { HealthDeps } from '#gateway/index.ts';
import { freeBytes } from '#platform/index.ts';
import type { Auditing } from './auditing.ts';
import type { BackupStatus, Backups } from './backup-service.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';

/** A backup that is older than this needs a look. */
const OLD_BACKUP_MS = 5 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

const isoOrNull = (timeMs: number | undefined) =>
  timeMs === undefined ? null : new Date(timeMs).toISOString();

function attentionOf(parts: Parts, backup: BackupStatus, poisoned: number): string[] {
  const found: string[] = [];
  if (parts.writer.state === 'full') found.push('The disk is full: new work is refused until there is room.');
  if (parts.writer.state === 'stopped') found.push('The disk failed: nothing is written until a restart.');
  if (poisoned > 0) found.push(`${poisoned} jobs were given up: hradlo jobs`);
  return [...found, ...backupAttention(parts, backup)];
}

function backupAttention(parts: Parts, backup: BackupStatus): string[] {
  const found: string[] = [];
  if (!backup.isConfigured) found.push('No backup is configured: set backup.folder.');
  if (backup.failure !== undefined) found.push(`The backup failed: ${backup.failure}`);
  const age = parts.clock.nowMs() - (backup.safeUntilMs ?? Number.POSITIVE_INFINITY);
  if (age > OLD_BACKUP_MS) found.push('The backup lags behind.');
  const hours = parts.config.backup.verifyEveryHours;
  const verifiedAtMs = backup.lastVerified?.atMs;
  if (hours > 0 && verifiedAtMs !== undefined && parts.clock.nowMs() - verifiedAtMs > 2 * hours * HOUR_MS)
    found.push('It was not tried for a long time whether the backup restores: hradlo backup verify');
  if (backup.lastVerified?.isWhole === false) found.push('The last try to restore the backup failed.');
  return found;
}

/** How the installation is, as one page. */
export function createHealth(
  parts: Parts,
  { backups, auditing }: { backups: Backups; auditing: Auditing },
): HealthDeps {
  return {
    makeBackup: async (principal) => {
      const { masterFile, masterCommand } = parts.config.keys;
      const hasMasterKey = masterFile === '' && masterCommand.length === 0;
      return { name: await backups.snapshot(principal), hasMasterKey };
    },
    async readHealth() {
      const backup = await backups.status();
      const poisoned = (await parts.jobs.list(FIRST_TENANT, { state: 'poisoned' })).length;
      const attention = attentionOf(parts, backup, poisoned);
      const { safeUntilMs, lastVerified } = backup;
      return {
        status: parts.writer.state !== 'writing' ? 'bad' : attention.length > 0 ? 'attention' : 'good',
        attention,
        writer: parts.writer.state,
        freeBytes: freeBytes(parts.installation.folder),
        audit: { chain: parts.installation.chainId, events: auditing.countEvents() },
        jobs: { poisoned },
        backup: {
          configured: backup.isConfigured,
          lastCopyAt: isoOrNull(backup.lastSnapshotAtMs),
          safeUntil: isoOrNull(safeUntilMs),
          ageSeconds:
            safeUntilMs === undefined ? null : Math.round((parts.clock.nowMs() - safeUntilMs) / 1000),
          lastVerified: lastVerified
            ? {
                at: new Date(lastVerified.atMs).toISOString(),
                ageSeconds: Math.round((parts.clock.nowMs() - lastVerified.atMs) / 1000),
                whole: lastVerified.isWhole,
              }
            : null,
          failure: backup.failure ?? null,
        },
      };
    },
  };
}
