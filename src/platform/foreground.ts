import { setImmediate } from 'node:timers/promises';

/** Background work in a thread goes on for so long before it looks whether somebody waits. */
const PIECE_MS = 2;
/** And stands still for at most so long between two pieces: it always gets on. */
const MOST_PAUSE_MS = 6;
/** So long a file that was read is held back at most. */
const MOST_WAIT_MS = 25;

/**
 * How many answers are being made that somebody waits for. Background work gives way to them: not by its priority,
 * which a scheduler weighs over milliseconds, but by standing still until they are made.
 */
export class Foreground {
  /** For threads that give way. */
  readonly shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #running = new Int32Array(this.shared);
  #onQuiet: (() => void) | undefined;
  #turn: Promise<void> = Promise.resolve();

  /** Somebody waits from now on until the function that this returns is called; more than once is as once. */
  enter(): () => void {
    Atomics.add(this.#running, 0, 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (Atomics.sub(this.#running, 0, 1) > 1) return;
      Atomics.notify(this.#running, 0);
      this.#onQuiet?.();
    };
  }

  /** Does what somebody waits for. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const leave = this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Passes events on; up to the first of them somebody waits. */
  async *untilFirst<Event>(events: AsyncGenerator<Event>): AsyncGenerator<Event> {
    const leave = this.enter();
    try {
      const first = await events.next();
      leave();
      if (first.done === true) return;
      yield first.value;
      yield* events;
    } finally {
      leave();
      await events.return(undefined);
    }
  }

  /** Resolves when nobody waits, for one caller after the other, and after 25 ms in any case. */
  giveWay(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#untilQuiet());
    return this.#turn;
  }

  async #untilQuiet(): Promise<void> {
    if (Atomics.load(this.#running, 0) === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MOST_WAIT_MS);
    this.#onQuiet = resolve;
    await promise;
    clearTimeout(timer);
    this.#onQuiet = undefined;
    // Whoever asks next comes before the next of those that wait here.
    await setImmediate();
  }
}

/**
 * Makes the function that background work in a thread calls between its pieces: it stands still while somebody waits
 * for an answer.
 * @param shared of the `Foreground` of the main thread.
 */
export function createGiveWay(shared: SharedArrayBuffer, monotonicMs: () => number): () => void {
  const running = new Int32Array(shared);
  let sinceMs = monotonicMs();
  return () => {
    const nowMs = monotonicMs();
    if (nowMs - sinceMs < PIECE_MS) return;
    const endMs = nowMs + MOST_PAUSE_MS;
    for (let count = Atomics.load(running, 0); count > 0; count = Atomics.load(running, 0)) {
      const leftMs = endMs - monotonicMs();
      if (leftMs <= 0 || Atomics.wait(running, 0, count, leftMs) === 'timed-out') break;
    }
    sinceMs = monotonicMs();
  };
}
