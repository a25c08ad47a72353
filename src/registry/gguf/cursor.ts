import type { ByteSource } from './byte-source.ts';
import { GgufFault } from './fault.ts';
import { GGUF_LIMITS } from './limits.ts';

const FIRST_WINDOW_BYTES = 65_536;
const WINDOW_BYTES = 1_048_576;

/**
 * Reads a header forward through one window of at most about 1 MiB. Call `await need(n)` before the synchronous
 * reads of those n bytes; asking with `has(n)` first spares an `await` per element of a vocabulary.
 */
export class GgufCursor {
  readonly #source: ByteSource;
  #window = Buffer.alloc(0);
  #windowStart = 0;
  #length = 0;
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get position(): number {
    return this.#windowStart + this.#at;
  }

  get remainingBytes(): number {
    return this.#source.sizeBytes - this.position;
  }

  has(bytes: number): boolean {
    return this.#at + bytes <= this.#length;
  }

  /** @throws {GgufFault} `file.truncated` or `header.too_large`. */
  async need(bytes: number): Promise<void> {
    if (this.has(bytes)) return;
    this.#expectInside(bytes);
    const start = this.position;
    const size = Math.max(bytes, start === 0 ? FIRST_WINDOW_BYTES : WINDOW_BYTES);
    const next = this.#window.length >= size ? this.#window : Buffer.alloc(size);
    this.#window.copy(next, 0, this.#at, this.#length);
    const kept = Math.max(0, this.#length - this.#at);
    const read = await this.#source.read(start + kept, next.subarray(kept));
    this.#window = next;
    this.#windowStart = start;
    this.#at = 0;
    this.#length = kept + read;
    if (!this.has(bytes)) throw new GgufFault('file.truncated', 'The file ends inside its header.');
  }

  /** Steps over bytes without reading them. @throws {GgufFault} as `need`. */
  skip(bytes: number): void {
    this.#expectInside(bytes);
    if (this.has(bytes)) {
      this.#at += bytes;
      return;
    }
    this.#windowStart = this.position + bytes;
    this.#at = 0;
    this.#length = 0;
  }

  u8(): number {
    return this.#window.readUInt8(this.#advance(1));
  }
  u32(): number {
    return this.#window.readUInt32LE(this.#advance(4));
  }
  u64(): bigint {
    return this.#window.readBigUInt64LE(this.#advance(8));
  }
  /** A 64-bit count as a number; anything beyond 2^53 comes out as infinite, which no limit lets pass. */
  count64(): number {
    const low = this.u32();
    const high = this.u32();
    return high < 0x20_0000 ? high * 2 ** 32 + low : Infinity;
  }
  /** The window and the place of the next `count` bytes in it, for reading without a copy or a view. */
  place(count: number): { readonly window: Buffer; readonly start: number } {
    return { window: this.#window, start: this.#advance(count) };
  }
  /** A view that the next `need` may overwrite. */
  bytes(count: number): Buffer {
    const start = this.#advance(count);
    return this.#window.subarray(start, start + count);
  }

  #advance(bytes: number): number {
    const start = this.#at;
    this.#at += bytes;
    return start;
  }

  #expectInside(bytes: number): void {
    if (bytes > this.remainingBytes)
      throw new GgufFault('file.truncated', 'The file ends inside its header.');
    if (this.position + bytes > GGUF_LIMITS.maxHeaderBytes)
      throw new GgufFault('header.too_large', 'The header is larger than any known model needs.');
  }
}
