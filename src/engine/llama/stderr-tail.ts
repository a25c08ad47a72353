/** Keeps the end of what a process printed, and counts the dots by which the library shows how far a load is. */
export class StderrTail {
  readonly #mostBytes: number;
  #text = '';
  #dots = 0;

  constructor(mostBytes = 8192) {
    this.#mostBytes = mostBytes;
  }

  push(chunk: string): void {
    this.#text = (this.#text + chunk).slice(-this.#mostBytes);
    // The library prints a line of a hundred dots while it reads the weights, and dots alone nowhere else.
    for (const run of chunk.matchAll(/(?:^|\n)(\.+)|^(\.+)$/g)) this.#dots += (run[1] ?? run[2] ?? '').length;
  }

  get text(): string {
    return this.#text;
  }

  /** 0 to 1. */
  get loadedRatio(): number {
    return Math.min(1, this.#dots / 100);
  }
}
