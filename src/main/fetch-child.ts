// Fetches one model file in a process of its own. What has arrived is on the disk whatever becomes of the product: a
// large process takes a while to be taken down, and what the line brings meanwhile would be lost; this one is told of
// its end by the broken channel, after it. Hashing gigabytes holds nobody up either.
import { download } from '#registry/index.ts';
import { isAppError } from '#core/index.ts';
import { FetchOrder, type FetchReport } from './fetch-protocol-schema.ts';
import { openHub, pauseBeforeRetry } from './hub.ts';

/** Progress is told no more often than this. */
const PROGRESS_EVERY_MS = 100;

const stopping = new AbortController();

function report(message: FetchReport): void {
  // Nobody to hear it is no failure: the bytes count, and they are on the disk.
  if (process.connected) process.send?.(message, () => undefined);
}

/** Tells how far it is, now and then. */
function progressTeller(): (doneBytes: number) => void {
  let toldAtMs = -Infinity;
  return (doneBytes) => {
    const nowMs = performance.now();
    if (nowMs - toldAtMs < PROGRESS_EVERY_MS) return;
    toldAtMs = nowMs;
    report({ type: 'progress', doneBytes });
  };
}

async function fetchFile({ hub, reference, file, folder }: FetchOrder): Promise<void> {
  await using stack = new AsyncDisposableStack();
  await download({
    hub: openHub(hub, stack),
    reference,
    file,
    folder,
    signal: stopping.signal,
    onProgress: progressTeller(),
    pause: (attempt, signal) => pauseBeforeRetry(hub, attempt, signal),
  });
}

async function run(order: FetchOrder): Promise<void> {
  try {
    await fetchFile(order);
    report({ type: 'done' });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'failed';
    report({ type: 'failed', code: isAppError(error) ? error.code : undefined, message });
  }
  if (process.connected) process.disconnect();
}

process.once('message', (message) => void run(FetchOrder.parse(message)));
process.once('disconnect', () => stopping.abort());
// A terminal or a service manager signals all processes at once; the product decides when this one stops.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
