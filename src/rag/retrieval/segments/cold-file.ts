import { closeSync, openSync } from 'node:fs';
import { readSegment, readSegmentFile, type ReadSegment } from './segment-file.ts';
import { Segment } from './segment.ts';
import { layOut, SegmentMemory, type Section } from './segment-memory.ts';

/**
 * Columns that a cold segment keeps in memory: who may see a row and when, and which rows there are. They say whether a
 * query needs the segment at all, and take rights and ends of validity on; its terms and vectors stay in its file.
 */
const HEAD = /^(?:groups\.|rows$|rowOrder$|scales$)/;

/** Those of a segment's columns that stay in memory, laid out one after another. */
export function headOf(sections: readonly Section[]): Section[] {
  const kept = sections.filter(({ name }) => HEAD.test(name));
  return layOut(kept.map(({ name, bytes }) => [name, bytes]));
}

/** The file of a cold segment. Once opened it can be read even after it was removed. */
export class ColdFile implements Disposable {
  readonly path: string;
  #file: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  open(): void {
    this.#file ??= openSync(this.path, 'r');
  }

  /** The whole segment. @throws {RangeError} when the file is damaged. */
  read(): ReadSegment {
    return this.#file === undefined ? readSegmentFile(this.path) : readSegment(this.#file);
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** A segment that was written, with nothing but its head in memory. */
export function cooled(segment: Segment, path: string): Segment {
  const { id, header, bytes, vectors } = segment;
  const head = new SegmentMemory(headOf(header.sections));
  for (const { name } of head.sections) head.u8(name).set(bytes.u8(name));
  return new Segment(id, header, head, { vectors, cold: new ColdFile(path) });
}

/**
 * A segment with all of its columns: itself, or, of a cold one, read whole from its file.
 * @throws {RangeError} when the file is damaged.
 */
export function warmed(segment: Segment): Segment {
  const { cold, id, vectors } = segment;
  if (cold === undefined) return segment;
  const { header, bytes } = cold.read();
  return new Segment(id, header, bytes, { vectors });
}
