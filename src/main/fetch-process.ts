import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/index.ts';
import { FetchReport, type FetchOrder } from './fetch-protocol-schema.ts';

/** Who may see how far it is, and stop it. */
export interface FetchWatch {
  readonly signal: AbortSignal;
  onProgress(doneBytes: number): void;
}

/** What Node is told of the certificates that this machine trusts, and where compiled code lies. */
const PASSED_ON = [
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;
const HEAP_MEGABYTES = 128;

/**
 * Fetches a file of the hub in a process of its own, which outlives a kill of this one by what was under way.
 * @throws {AppError} what `download` throws; engine.unavailable when the process ended without a word. The signal's
 * own reason when it aborted, and then the process is gone.
 */
export async function fetchApart(order: FetchOrder, { signal, onProgress }: FetchWatch): Promise<void> {
  signal.throwIfAborted();
  const child = startFetching();
  // Its last word may come after its exit, and never after the channel's end.
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  const stop = (): void => {
    if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', stop, { once: true });
  let outcome: Exclude<FetchReport, { type: 'progress' }> | undefined;
  child.on('message', (raw) => {
    const report = FetchReport.safeParse(raw);
    if (!report.success) return;
    if (report.data.type === 'progress') onProgress(report.data.doneBytes);
    else outcome = report.data;
  });
  child.send(order, () => undefined);
  try {
    await ended;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  if (outcome?.type !== 'done') throw failureOf(outcome);
}

function startFetching(): ChildProcess {
  return fork(fileURLToPath(new URL('./fetch-child.ts', import.meta.url)), [], {
    env: Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function failureOf(report: Extract<FetchReport, { type: 'failed' }> | undefined): Error {
  if (report === undefined)
    return new AppError('engine.unavailable', 'The process that fetches models ended. It is tried again.');
  return report.code === undefined ? new Error(report.message) : new AppError(report.code, report.message);
}
