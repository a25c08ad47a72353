import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** With so few processors the helpers of the collector stand in the way of the threads that they are to help. */
const FEW_PROCESSORS = 4;

/**
 * Makes the collector of young garbage do its work alone where processors are few. Its helpers are threads of their
 * own: while search, writing and reading keep the processors busy, the main loop would wait for each of them to get
 * its turn, tens of milliseconds for a collection that takes two.
 */
export function tuneCollector(): void {
  if (availableParallelism() <= FEW_PROCESSORS) setFlagsFromString('--no-parallel-scavenge');
}
