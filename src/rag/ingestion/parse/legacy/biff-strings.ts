/** Reads over records that go on in further ones: a string may change its width where it is cut. */
export class SegmentedReader {
  readonly #segments: readonly Uint8Array[];
  #segment = 0;
  #at = 0;

  constructor(segments: readonly Uint8Array[]) {
    this.#segments = segments;
  }

  get isAtEnd(): boolean {
    this.#skipEmpty();
    return this.#segment >= this.#segments.length;
  }

  byte(): number {
    this.#skipEmpty();
    const value = this.#segments[this.#segment]?.[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  uint16(): number {
    return this.byte() | (this.byte() << 8);
  }

  uint32(): number {
    return this.uint16() + this.uint16() * 0x10000;
  }

  skip(count: number): void {
    for (let left = count; left > 0 && !this.isAtEnd;) {
      const step = Math.min(left, (this.#segments[this.#segment]?.length ?? 0) - this.#at);
      this.#at += step;
      left -= step;
    }
  }

  /** A string with its length and flags before it (MS-XLS, 2.5.293). */
  string(): string {
    const length = this.uint16();
    const flags = this.byte();
    const runs = (flags & 8) === 0 ? 0 : this.uint16();
    const extra = (flags & 4) === 0 ? 0 : this.uint32();
    const text = this.#characters(length, (flags & 1) !== 0);
    this.skip(runs * 4 + extra);
    return text;
  }

  #characters(length: number, startsWide: boolean): string {
    let isWide = startsWide;
    const codes: number[] = [];
    while (codes.length < length && !this.isAtEnd) {
      // A cut string starts its next part with new flags.
      if (this.#at === 0 && this.#segment > 0 && codes.length > 0) isWide = (this.byte() & 1) !== 0;
      codes.push(isWide ? this.uint16() : this.byte());
    }
    let text = '';
    for (let at = 0; at < codes.length; at += 8192)
      text += String.fromCharCode(...codes.slice(at, at + 8192));
    return text;
  }

  #skipEmpty(): void {
    while (this.#segment < this.#segments.length && this.#at >= this.#segments[this.#segment]!.length) {
      this.#segment += 1;
      this.#at = 0;
    }
  }
}
