import { verdict } from './exit-verdict.ts';
import type { Quarantine } from './parse-failure.ts';
import type { ParseLimits } from './parse-limits.ts';
import { processorMs, residentBytes } from './resident-memory.ts';

const WATCH_INTERVAL_MS = 100;
/** By the clock a file may take this many times its limit, where the machine gives its reader no more. */
const PATIENCE = 10;
/** A process that works less than this is not kept from working: it waits for nothing. */
const IDLE_SHARE = 0.01;

/** A time by the clock, and by what the process has worked. */
interface Moment {
  readonly atMs: number;
  readonly cpuMs: number | undefined;
}

const now = (pid: number): Moment => ({ atMs: performance.now(), cpuMs: processorMs(pid) });

/**
 * Whether a file has taken its time. On a machine that has much else to do that is the time it was worked on: it is
 * not the file's fault that nobody came to it. One that nobody works on although there is time hangs.
 */
function isOver(pid: number, since: Moment, limitMs: number): boolean {
  const wallMs = performance.now() - since.atMs;
  if (wallMs <= limitMs) return false;
  const { cpuMs } = now(pid);
  if (cpuMs === undefined || since.cpuMs === undefined || wallMs > PATIENCE * limitMs) return true;
  const workedMs = cpuMs - since.cpuMs;
  return workedMs >= limitMs || workedMs < IDLE_SHARE * wallMs;
}

/** Who is told of what the watch sees. */
export interface ReaderWatch {
  /** How much memory the reader holds now, in bytes. */
  onMemory(bytes: number): void;
  refuse(reason: Quarantine): void;
  readonly done: AbortSignal;
}

/** Watches time and memory of one file's reading until it is done; gives back what to call at a sign of progress. */
export function watchReader(pid: number, limits: ParseLimits, watch: ReaderWatch): () => void {
  const { stallMs, totalMs, memoryBytes } = limits;
  const started = now(pid);
  let progress = started;
  const check = (): void => {
    const bytes = residentBytes(pid);
    watch.onMemory(bytes);
    if (bytes > memoryBytes) watch.refuse(verdict('out-of-memory', { bytes, limit: memoryBytes }));
    else if (isOver(pid, progress, stallMs)) watch.refuse(verdict('timed-out', { limitMs: stallMs }));
    else if (isOver(pid, started, totalMs)) watch.refuse(verdict('timed-out', { limitMs: totalMs }));
  };
  const timer = setInterval(check, WATCH_INTERVAL_MS);
  watch.done.addEventListener('abort', () => clearInterval(timer));
  return () => {
    progress = now(pid);
  };
}
