import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const MAX_PROCESSES = 100;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

const words = (text: string): string[] => text.split(' ').filter((word) => word.trim() !== '');

/** Resident memory of a process and all that it started, in bytes; 0 where the system does not tell. */
export function residentBytes(pid: number): number {
  const pids = [pid];
  let bytes = 0;
  for (let index = 0; index < pids.length && index < MAX_PROCESSES; index++) {
    const at = pids[index]!;
    const pages = Number(words(read(`/proc/${at}/statm`))[1] ?? 0);
    bytes += pages * PAGE_BYTES;
    pids.push(...words(read(`/proc/${at}/task/${at}/children`)).map(Number));
  }
  return bytes;
}
