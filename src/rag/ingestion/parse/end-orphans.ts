import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc tells of it. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
}

/** Nobody owns it any more. */
const INIT = 1;

function readProcess(pid: number): RunningProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in parentheses and may hold any of its own: `pid (name) state parent …`.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid, parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') };
  } catch {
    return undefined;
  }
}

function listProcesses(): RunningProcess[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readProcess(Number(name)))
      .filter((one) => one !== undefined);
  } catch {
    return [];
  }
}

/**
 * Ends sandboxes of this installation that nobody owns. Bubblewrap dies with its parent once it is set up; killed in
 * the middle of it, together with the server, it leaves a process that waits for ever and takes no other signal.
 * @returns how many there were
 */
export function endOrphans(
  script: string,
  list: () => readonly RunningProcess[] = listProcesses,
  kill: (pid: number) => void = (pid) => void process.kill(pid, 'SIGKILL'),
): number {
  const orphans = list().filter(
    ({ parent, command }) =>
      parent === INIT && command[0]?.endsWith('/bwrap') === true && command.includes(script),
  );
  for (const { pid } of orphans) {
    try {
      kill(pid);
    } catch {
      // It ended by itself, or belongs to somebody else.
    }
  }
  return orphans.length;
}
