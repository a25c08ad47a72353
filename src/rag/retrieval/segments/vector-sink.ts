import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { VectorSource } from './vector-source.ts';

/** Where the float vectors of a new segment go. */
export type VectorTarget = { readonly type: 'memory' } | { readonly type: 'file'; readonly path: string };

const BUFFERED_BYTES = 1 << 20;

/** Takes float vectors row by row, and gives them back as a source when all are there (and, in a file, on disk). */
export class VectorSink {
  readonly #target: VectorTarget;
  readonly #dimensions: number;
  readonly #buffer: Float32Array<ArrayBuffer | SharedArrayBuffer>;
  readonly #file: number | undefined;
  #filled = 0;

  constructor(target: VectorTarget, rowCount: number, dimensions: number) {
    this.#target = target;
    this.#dimensions = dimensions;
    if (target.type === 'memory') {
      this.#buffer = new Float32Array(new SharedArrayBuffer(rowCount * dimensions * 4));
    } else {
      this.#buffer = new Float32Array(
        dimensions * Math.max(1, Math.floor(BUFFERED_BYTES / (dimensions * 4))),
      );
      this.#file = openSync(target.path, 'w', 0o600);
    }
  }

  append(values: Float32Array): void {
    if (this.#filled === this.#buffer.length) this.#flush();
    this.#buffer.set(values, this.#filled);
    this.#filled += values.length;
  }

  finish(): VectorSource {
    if (this.#target.type === 'file') {
      this.#flush();
      if (this.#file !== undefined) {
        fsyncSync(this.#file);
        closeSync(this.#file);
      }
      return new VectorSource(this.#target, this.#dimensions);
    }
    const { buffer } = this.#buffer;
    if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('memory of a sink is shared');
    return new VectorSource({ type: 'memory', values: new Float32Array(buffer) }, this.#dimensions);
  }

  #flush(): void {
    if (this.#file === undefined) return;
    const bytes = new Uint8Array(this.#buffer.buffer, 0, this.#filled * 4);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    this.#filled = 0;
  }
}
