import { closeSync, openSync, readSync } from 'node:fs';

/** Where a segment's float vectors are: shared memory while it is young, a file once it is written. */
export type VectorPlace =
  | { readonly type: 'memory'; readonly values: Float32Array<SharedArrayBuffer> }
  | { readonly type: 'file'; readonly path: string };

/**
 * Float vectors by local row. The int8 scan finds candidates; only for the few that may be among the best is the
 * exact value read, so that the floats (four times the size) need not be in memory.
 */
export class VectorSource implements Disposable {
  readonly place: VectorPlace;
  readonly #dimensions: number;
  #file: number | undefined;

  constructor(place: VectorPlace, dimensions: number) {
    this.place = place;
    this.#dimensions = dimensions;
  }

  get memoryBytes(): number {
    return this.place.type === 'memory' ? this.place.values.byteLength : 0;
  }

  /** Opens the file, so that it can be read even after it was removed. */
  open(): void {
    if (this.place.type === 'file') this.#file ??= openSync(this.place.path, 'r');
  }

  /** Reads consecutive rows from `row` on, as many as `target` holds. */
  read(row: number, target: Float32Array<ArrayBuffer>): void {
    const at = row * this.#dimensions;
    if (this.place.type === 'memory') {
      target.set(this.place.values.subarray(at, at + target.length));
      return;
    }
    this.#file ??= openSync(this.place.path, 'r');
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(this.#file, bytes, done, bytes.length - done, at * 4 + done);
      if (count === 0) throw new RangeError('the file of vectors ends too early');
      done += count;
    }
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
