import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/index.ts';
import { AuditVerifyResponse } from '#wire/admin/index.ts';

const COMMAND = fileURLToPath(new URL('./cli.ts', import.meta.url));

/**
 * Checks the audit chains in a process of its own, by the command that works without a server too: hashing a long
 * record takes seconds. One check runs at a time; who asks meanwhile hears what it finds.
 */
export class ChainCheck implements Disposable {
  readonly #folder: string;
  readonly #end = new AbortController();
  #running: Promise<AuditVerifyResponse> | undefined;

  /** @param folder the data folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What the check found. @throws {AppError} storage.damaged when it could not be made. */
  run(): Promise<AuditVerifyResponse> {
    this.#running ??= check(this.#folder, this.#end.signal).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }
}

async function check(folder: string, signal: AbortSignal): Promise<AuditVerifyResponse> {
  const child = spawn(process.execPath, ['--no-warnings', COMMAND, 'verify', '--json', '--data', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  child.once('error', failed.reject);
  try {
    const said = await Promise.race([readAll(child.stdout), failed.promise]);
    return AuditVerifyResponse.parse(JSON.parse(said));
  } catch (error) {
    throw new AppError('storage.damaged', 'The audit chains could not be checked.', { cause: error });
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let said = '';
  stream.setEncoding('utf8');
  for await (const part of stream) said += String(part);
  return said;
}
