import { StopMatcher } from './stop-matcher.ts';

/**
 * Turns token bytes into text that may be shown: whole characters only, and never a part of what may become a stop
 * string. Bytes that are no UTF-8 become U+FFFD; an incomplete character at the end is dropped.
 */
export class TextStream {
  readonly #decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  readonly #stops: StopMatcher;

  constructor(stops: readonly string[]) {
    this.#stops = new StopMatcher(stops);
  }

  /** Text that is safe to show now, and whether a stop string has been met. */
  push(bytes: Uint8Array): { readonly text: string; readonly isStopped: boolean } {
    return this.#stops.push(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What was held back, once nothing more can come. */
  finish(): string {
    return this.#stops.finish();
  }
}
