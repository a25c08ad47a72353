import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVerified } from './backup-files.ts';
import type { Parts } from './compose.ts';
import { INSTALLATION } from './product.ts';

const HOUR_MS = 60 * 60 * 1000;
/** After a start, people come first. */
const FIRST_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 10 * 60_000;
const SCRATCH = /^scratch-/;

/** Removes what a try of a restore left behind when it was cut short: it holds everything in the clear. */
export async function clearScratch(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => SCRATCH.test(name));
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}

/** Tries now and then whether the backup restores, in a process of its own; what it found is on the health page. */
export class BackupVerification implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #timer: NodeJS.Timeout;
  #running: ChildProcess | undefined;
  #next: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#timer = setTimeout(() => this.#look(), FIRST_AFTER_MS);
    this.#timer.unref();
  }

  #look(): void {
    void this.#verifyIfDue().catch((error: unknown) =>
      this.#parts.logger.error({ error }, 'backup.not_verified'),
    );
    this.#next = setTimeout(() => this.#look(), LOOK_EVERY_MS);
    this.#next.unref();
  }

  async #verifyIfDue(): Promise<void> {
    const { config, installation, clock } = this.#parts;
    const last = await readVerified(installation.verifiedPath);
    const dueMs = (last?.atMs ?? 0) + config.backup.verifyEveryHours * HOUR_MS;
    if (this.#running !== undefined || clock.nowMs() < dueMs) return;
    await this.#verify();
  }

  async #verify(): Promise<void> {
    const { config, installation, logger, writer, clock, system } = this.#parts;
    const key = config.backup.keyFile === '' ? installation.backupKeyPath : config.backup.keyFile;
    const command = fileURLToPath(new URL('./cli.ts', import.meta.url));
    const args = [
      'backup',
      'verify',
      '--data',
      installation.folder,
      '--from',
      resolve(INSTALLATION, config.backup.folder),
    ];
    this.#running = spawn(process.execPath, ['--no-warnings', command, ...args, '--key-file', key], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    await once(this.#running, 'exit').catch(() => undefined);
    const isEnded = this.#running.exitCode !== null;
    this.#running = undefined;
    await clearScratch(installation.folder);
    if (!isEnded) return;
    const isWhole = (await readVerified(installation.verifiedPath))?.isWhole ?? false;
    if (!isWhole) logger.error({}, 'backup.does_not_restore');
    const { tenantId, issuer, subject } = system;
    const event = {
      kind: 'backup.verified',
      tenantId,
      actor: { issuer, subject },
      atMs: clock.nowMs(),
      fields: { isWhole },
    };
    await writer.write({ statements: [], audit: [event] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#next);
    if (this.#running === undefined) return;
    const ended = once(this.#running, 'exit');
    this.#running.kill('SIGKILL');
    await ended;
    await clearScratch(this.#parts.installation.folder);
  }
}
