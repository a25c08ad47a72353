import type { Quarantine, QuarantineDetail, QuarantineReason } from './parse-failure.ts';

/** Why a file cannot be read. */
export function verdict(quarantine: QuarantineReason, detail: QuarantineDetail = {}): Quarantine {
  return { quarantine, detail };
}

/** What the end of a child tells of the file it was reading. */
export function exitVerdict(code: number | null, signal: NodeJS.Signals | null, stderr: string): Quarantine {
  if (/heap out of memory|allocation failed|Array buffer allocation/iu.test(stderr) || code === 134)
    return verdict('out-of-memory');
  if (signal === 'SIGXCPU' || signal === 'SIGKILL' || code === 137 || code === 152)
    return verdict('timed-out');
  if (signal === 'SIGXFSZ' || code === 153) return verdict('too-large');
  return verdict('damaged', { cause: 'parser-crashed', exit: signal ?? code ?? 'unknown' });
}
