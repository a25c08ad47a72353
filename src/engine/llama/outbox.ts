import type { BatchEvent } from './generation.ts';

/** Texts of a stream that goes on are sent no more often than this, where steps are shorter. */
const HOLD_MS = 4;

/** What steps brought, until it is sent: what came together leaves together. */
export class Outbox {
  readonly #nowMs: () => number;
  readonly #emit: (events: readonly BatchEvent[]) => void;
  #events: BatchEvent[] = [];
  /** Requests of which something was sent already. */
  readonly #said = new Set<string>();
  #flushedAtMs = -Infinity;

  constructor(io: { readonly nowMs: () => number; readonly emit: (events: readonly BatchEvent[]) => void }) {
    this.#nowMs = io.nowMs;
    this.#emit = io.emit;
  }

  push(event: BatchEvent): void {
    this.#events.push(event);
  }

  /**
   * Steps of less than a millisecond bring more messages than anybody can see: what goes on is held for a few steps.
   * What begins or ends goes at once, and nothing waits for a long step.
   * @param expectedMs what the next step should take; undefined where that is not known.
   */
  flushUnlessSoon(expectedMs = Infinity): void {
    const isGoingOn = this.#events.every(
      ({ id, type }) => type === 'started' || (type === 'text' && this.#said.has(id)),
    );
    const isSoon = expectedMs < HOLD_MS && this.#nowMs() - this.#flushedAtMs < HOLD_MS;
    if (!(isGoingOn && isSoon)) this.flush();
  }

  flush(): void {
    if (this.#events.length === 0) return;
    this.#flushedAtMs = this.#nowMs();
    for (const { id, type } of this.#events) {
      if (type === 'text') this.#said.add(id);
      else this.#said.delete(id);
    }
    const events = this.#events;
    this.#events = [];
    this.#emit(events);
  }
}
