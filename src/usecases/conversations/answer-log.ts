import type { AnswerEvent } from '#core/index.ts';

/** Text of one kind in a row is one event, however many it came in; undefined for what does not join. */
export function joined(last: AnswerEvent | undefined, next: AnswerEvent): AnswerEvent | undefined {
  if (last?.type === 'reasoning-delta' && next.type === 'reasoning-delta')
    return { ...last, text: last.text + next.text };
  if (last?.type !== 'text-delta' || next.type !== 'text-delta') return undefined;
  if (last.isQuote !== next.isQuote || last.isContext !== next.isContext) return undefined;
  return { ...last, text: last.text + next.text };
}

/** An event with its number: how many came up to it, from 1. */
export interface NumberedEvent {
  readonly at: number;
  readonly event: AnswerEvent;
}

/** Events that joined into one, with the length of its text after each of them. */
interface Run {
  /** Number of the first. */
  readonly first: number;
  event: AnswerEvent;
  readonly lengths: number[];
}

const lengthOf = (event: AnswerEvent): number => ('text' in event ? event.text.length : 0);
const lastOf = ({ first, lengths }: Run): number => first + lengths.length - 1;

/**
 * The events of an answer so far, to be read from any of them on: its text once, and a number for each event of it,
 * so that an answer of ten thousand tokens takes some tens of kilobytes.
 */
export class AnswerLog {
  readonly #runs: Run[] = [];
  #count = 0;

  /** How many events came. */
  get count(): number {
    return this.#count;
  }

  add(event: AnswerEvent): void {
    this.#count += 1;
    const last = this.#runs.at(-1);
    const whole = joined(last?.event, event);
    if (last === undefined || whole === undefined) {
      this.#runs.push({ first: this.#count, event, lengths: [lengthOf(event)] });
      return;
    }
    last.event = whole;
    last.lengths.push(lengthOf(whole));
  }

  /** What came after the first `at` events; text of one kind in one event, numbered by its last. */
  after(at: number): NumberedEvent[] {
    // From the end: who follows knows all but the last.
    const start = this.#runs.findLastIndex((run) => lastOf(run) <= at) + 1;
    return this.#runs.slice(start).map((run) => ({ at: lastOf(run), event: restOf(run, at) }));
  }
}

/** A run without its events up to number `at`. */
function restOf({ first, event, lengths }: Run, at: number): AnswerEvent {
  const known = lengths[at - first] ?? 0;
  return known > 0 && 'text' in event ? { ...event, text: event.text.slice(known) } : event;
}
