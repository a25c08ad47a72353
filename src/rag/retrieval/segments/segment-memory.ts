import { PAGE_BYTES, SCRATCH_BYTES } from './scratch.ts';

/** A typed column of a segment: where its bytes are, counted from the start of the segment's data. */
export interface Section {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Sections start at multiples of this: a cache line, and aligned for every element type. */
const ALIGNMENT = 64;
const MAX_PAGES = 65_536;

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Lays columns out one after another. `sizes` are name and bytes, in order. */
export function layOut(sizes: readonly (readonly [name: string, bytes: number])[]): Section[] {
  let offset = 0;
  return sizes.map(([name, bytes]) => {
    const section = { name, offset, bytes };
    offset += align(bytes);
    return section;
  });
}

/** Bytes of all sections with their padding. */
export function dataBytes(sections: readonly Section[]): number {
  return sections.reduce((end, { offset, bytes }) => Math.max(end, offset + align(bytes)), 0);
}

/**
 * The bytes of one segment in a shared WebAssembly memory: scratch space of the search threads, then the sections.
 * Threads share it without copying; it is written once, before it is published, and only read after.
 */
export class SegmentMemory {
  readonly memory: WebAssembly.Memory;
  readonly sections: readonly Section[];
  readonly #byName: ReadonlyMap<string, Section>;

  constructor(sections: readonly Section[], memory?: WebAssembly.Memory) {
    const pages = Math.ceil((SCRATCH_BYTES + dataBytes(sections)) / PAGE_BYTES);
    if (pages > MAX_PAGES) throw new RangeError('a segment holds at most 4 GiB');
    this.memory = memory ?? new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.sections = sections;
    this.#byName = new Map(sections.map((section) => [section.name, section]));
  }

  get sizeBytes(): number {
    return dataBytes(this.sections);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Byte offset of a section in the memory: what the kernel takes. */
  address(name: string): number {
    return SCRATCH_BYTES + this.#section(name).offset;
  }

  /** All data bytes, as they are in the file. */
  data(): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.memory.buffer, SCRATCH_BYTES, this.sizeBytes);
  }

  u8(name: string): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.memory.buffer, this.address(name), this.#section(name).bytes);
  }

  i8(name: string): Int8Array<SharedArrayBuffer> {
    return new Int8Array(this.memory.buffer, this.address(name), this.#section(name).bytes);
  }

  u16(name: string): Uint16Array<SharedArrayBuffer> {
    return new Uint16Array(this.memory.buffer, this.address(name), this.#section(name).bytes / 2);
  }

  u32(name: string): Uint32Array<SharedArrayBuffer> {
    return new Uint32Array(this.memory.buffer, this.address(name), this.#section(name).bytes / 4);
  }

  i32(name: string): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.memory.buffer, this.address(name), this.#section(name).bytes / 4);
  }

  f32(name: string): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.memory.buffer, this.address(name), this.#section(name).bytes / 4);
  }

  f64(name: string): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.memory.buffer, this.address(name), this.#section(name).bytes / 8);
  }

  #section(name: string): Section {
    const section = this.#byName.get(name);
    if (section === undefined) throw new RangeError(`the segment has no section ${name}`);
    return section;
  }
}
