import { constants, getPriority, setPriority } from 'node:os';

/** Steps down from whoever started the program: about a quarter of a processor that both want, all of a free one. */
const STEPS = 5;

/**
 * Makes the calling thread, and the processes that it starts from now on, give way to the rest of the program. On Linux
 * a thread has a priority of its own; elsewhere it is the whole process that has one, so nothing is done there.
 */
export function yieldToForeground(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + STEPS));
  } catch {
    // A machine that forbids it runs everything alike.
  }
}
