import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const MAX_PROCESSES = 100;
/** Linux counts the time of processes in hundredths of a second, whatever its own clock does. */
const TICK_MS = 10;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

const words = (text: string): string[] => text.split(' ').filter((word) => word.trim() !== '');

/** A process and all that it started. */
function treeOf(pid: number): number[] {
  const pids = [pid];
  for (let index = 0; index < pids.length && index < MAX_PROCESSES; index++) {
    const at = pids[index]!;
    pids.push(...words(read(`/proc/${at}/task/${at}/children`)).map(Number));
  }
  return pids;
}

/** Resident memory of a process and all that it started, in bytes; 0 where the system does not tell. */
export function residentBytes(pid: number): number {
  return treeOf(pid).reduce(
    (sum, at) => sum + Number(words(read(`/proc/${at}/statm`))[1] ?? 0) * PAGE_BYTES,
    0,
  );
}

/** Processor time of a process and all that it started, in milliseconds; undefined where the system does not tell. */
export function processorMs(pid: number): number | undefined {
  let ticks: number | undefined;
  for (const at of treeOf(pid)) {
    // The second field is a name in brackets, which may hold anything; the times are 12 and 13 fields behind it.
    const stat = read(`/proc/${at}/stat`);
    const fields = words(stat.slice(stat.lastIndexOf(')') + 1));
    if (fields.length < 13) continue;
    ticks = (ticks ?? 0) + Number(fields[11]) + Number(fields[12]);
  }
  return ticks === undefined ? undefined : ticks * TICK_MS;
}
