/**
 * Looks for stop strings in a stream of text. Holds back the longest end that could still become one, so that no
 * part of a stop string is ever shown; text before it is.
 */
export class StopMatcher {
  readonly #stops: readonly string[];
  #held = '';
  #isStopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop.length > 0);
  }

  push(text: string): { readonly text: string; readonly isStopped: boolean } {
    if (this.#isStopped) return { text: '', isStopped: true };
    const all = this.#held + text;
    const at = this.#firstStop(all);
    if (at >= 0) {
      this.#isStopped = true;
      this.#held = '';
      return { text: all.slice(0, at), isStopped: true };
    }
    const keep = this.#possibleStart(all);
    this.#held = all.slice(all.length - keep);
    return { text: all.slice(0, all.length - keep), isStopped: false };
  }

  /** The text that was held back and turned out to be none. */
  finish(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  #firstStop(text: string): number {
    const places = this.#stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    return places.length === 0 ? -1 : Math.min(...places);
  }

  /** Length of the longest end of `text` that begins a stop string. */
  #possibleStart(text: string): number {
    const longest = Math.max(0, ...this.#stops.map((stop) => stop.length - 1));
    for (let length = Math.min(longest, text.length); length > 0; length--) {
      const end = text.slice(text.length - length);
      if (this.#stops.some((stop) => stop.startsWith(end))) return length;
    }
    return 0;
  }
}
