import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError, type Digest, type Principal } from '#core/index.ts';
import { Archive, BackupWriter, type BackupSource } from '#platform/index.ts';
import type { Parts } from './compose.ts';
import { backupKeyOf, INSTALLATION_FILES, readRestored, readVerified } from './backup-files.ts';
import { WRAPPED_KEY, type InstallationPaths } from './installation.ts';
import { BackupVerification } from './backup-verification.ts';
import { INSTALLATION, productVersion } from './product.ts';

const SHIP_MS = 10_000;
const HOUR_MS = 60 * 60 * 1000;

/** How the backup stands, for health and for people. */
export interface BackupStatus {
  readonly isConfigured: boolean;
  readonly lastSnapshotAtMs: number | undefined;
  /** Everything that was committed before this can be restored. */
  readonly safeUntilMs: number | undefined;
  /** When a restore was last tried, and whether it held. */
  readonly lastVerified: { readonly atMs: number; readonly isWhole: boolean } | undefined;
  readonly failure: string | undefined;
}

type Actor = Pick<Principal, 'tenantId' | 'issuer' | 'subject'>;

/** Keeps the backup up to date while the server runs. */
export interface Backups {
  status(): Promise<BackupStatus>;
  /** Makes a copy now. @throws {AppError} when no backup is configured. */
  snapshot(actor: Actor): Promise<string>;
  /** Makes a copy now, because something was erased; these files go out of the backup. */
  renew(erased: readonly Digest[]): Promise<'renewed' | 'failed' | 'none'>;
}

async function readFolder(
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<Record<string, Buffer>> {
  const names = (await readdir(folder).catch(() => [])).filter(isWanted);
  const contents = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  return Object.fromEntries(contents);
}

/** What is carried as it is today, whatever state of the database is restored. */
function isKeyFile(name: string, { erasedPath }: InstallationPaths): boolean {
  return name === basename(erasedPath) || WRAPPED_KEY.test(name);
}

class RunningBackups implements Backups {
  readonly #parts: Parts;
  readonly #writer: BackupWriter;
  #work: Promise<unknown> = Promise.resolve();
  #lastSnapshotAtMs: number | undefined;
  #safeUntilMs: number | undefined;
  #failure: string | undefined;

  constructor(parts: Parts, folder: string) {
    const { installation, writer, blobs, clock, config } = parts;
    this.#parts = parts;
    const source: BackupSource = writer;
    this.#writer = new BackupWriter({
      archive: new Archive(resolve(INSTALLATION, folder), backupKeyOf(installation, config.backup.keyFile)),
      source,
      blobs,
      clock,
      databasePath: installation.databasePath,
      spoolFolder: installation.spoolFolder,
      chainId: installation.chainId,
      product: productVersion(),
      readFiles: () => readFolder(installation.folder, (name) => INSTALLATION_FILES.has(name)),
      readKeys: () => readFolder(installation.keyFolder, (name) => isKeyFile(name, installation)),
    });
  }

  /** One thing at a time: a copy and a shipment would tread on each other. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#work.then(work, work);
    this.#work = next.catch(() => undefined);
    return next;
  }

  async renew(erased: readonly Digest[]): Promise<'renewed' | 'failed'> {
    try {
      await this.snapshot(this.#parts.system);
      await this.#alone(() => this.#writer.forget(erased));
      return 'renewed';
    } catch (error) {
      this.#fail(error);
      return 'failed';
    }
  }

  snapshot({ tenantId, issuer, subject }: Actor): Promise<string> {
    return this.#alone(async () => {
      const atMs = this.#parts.clock.nowMs();
      const name = await this.#writer.snapshot();
      this.#lastSnapshotAtMs = atMs;
      this.#safeUntilMs = atMs;
      await this.#writer.prune(this.#parts.config.backup.keep);
      this.#parts.logger.info({ name }, 'backup.copied');
      const event = { kind: 'backup.copied', tenantId, actor: { issuer, subject }, atMs, fields: { name } };
      await this.#parts.writer.write({ isEssential: true, statements: [], audit: [event] });
      // That the copy was made belongs into the backup too: at a clean end it holds all that is here.
      await this.#writer.ship();
      return name;
    });
  }

  /** Ships, and makes a copy when there is none, the last one is old, or the log broke off. */
  async tend(): Promise<void> {
    try {
      const { clock, writer, config } = this.#parts;
      this.#lastSnapshotAtMs ??= await this.#writer.lastSnapshotAtMs();
      const age = clock.nowMs() - (this.#lastSnapshotAtMs ?? Number.NEGATIVE_INFINITY);
      if ((await writer.isLogBroken()) || age > config.backup.copyEveryHours * HOUR_MS)
        await this.snapshot(this.#parts.system);
      else {
        await this.#alone(async () => {
          const atMs = clock.nowMs();
          await this.#writer.ship();
          this.#safeUntilMs = atMs;
        });
      }
      this.#failure = undefined;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#parts.logger.error({ error }, 'backup.failed');
  }

  async status(): Promise<BackupStatus> {
    return {
      isConfigured: true,
      lastSnapshotAtMs: this.#lastSnapshotAtMs,
      safeUntilMs: this.#safeUntilMs,
      lastVerified: await readVerified(this.#parts.installation.verifiedPath),
      failure: this.#failure,
    };
  }
}

const NOT_CONFIGURED: Backups = {
  status: async () => ({
    isConfigured: false,
    lastSnapshotAtMs: undefined,
    safeUntilMs: undefined,
    lastVerified: undefined,
    failure: undefined,
  }),
  snapshot: async () => {
    throw new AppError('conflict.state', 'No backup is configured. Set backup.folder, best on another disk.');
  },
  renew: async () => 'none',
};

/** Writes into the record that this is a restored state, at the first start after the restore. */
export async function recordRestore({ installation, writer, clock, system }: Parts): Promise<void> {
  const fields = await readRestored(installation.restoredPath);
  if (fields === undefined) return;
  const { tenantId, issuer, subject } = system;
  const actor = { issuer, subject };
  const event = { kind: 'installation.restored', tenantId, actor, atMs: clock.nowMs(), fields };
  await writer.write({ statements: [], audit: [event] });
  await rm(installation.restoredPath, { force: true });
}

/** Starts the backup, if one is configured; what was committed until the end is shipped at the end. */
export function startBackups(parts: Parts, stack: AsyncDisposableStack): Backups {
  const { folder } = parts.config.backup;
  if (folder === '') return NOT_CONFIGURED;
  const backups = new RunningBackups(parts, folder);
  if (parts.config.backup.verifyEveryHours > 0) stack.use(new BackupVerification(parts));
  let next: NodeJS.Timeout | undefined;
  let isOver = false;
  const turn = async () => {
    await backups.tend();
    if (isOver) return;
    next = setTimeout(() => void turn(), SHIP_MS);
    next.unref();
  };
  void turn();
  stack.defer(async () => {
    isOver = true;
    clearTimeout(next);
    // Waits for what is under way, then ships the rest.
    await backups.tend();
  });
  return backups;
}
