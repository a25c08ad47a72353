/** Term ids of one field of a segment: bytes of the terms one after another, and an open-addressing hash over them. */
export interface TermColumns {
  readonly bytes: Uint8Array;
  /** Start of each term in `bytes`, and the end of the last. */
  readonly starts: Uint32Array;
  /** Term id + 1, or 0 where free; a power of two of them, at most half full. */
  readonly slots: Uint32Array;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a with a final mix, so that the low bits depend on every byte. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = FNV_OFFSET;
  for (let index = from; index < to; index++) hash = Math.imul(hash ^ bytes[index]!, FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function isTermAt(
  columns: TermColumns,
  term: number,
  key: Uint8Array,
  range: readonly [number, number],
): boolean {
  const start = columns.starts[term]!;
  const [from, to] = range;
  if (columns.starts[term + 1]! - start !== to - from) return false;
  for (let index = from; index < to; index++) {
    if (columns.bytes[start + index - from] !== key[index]) return false;
  }
  return true;
}

/** The slot that holds `key[from..to]`, or the free one where it belongs. */
function slotOf(columns: TermColumns, key: Uint8Array, from: number, to: number): number {
  const mask = columns.slots.length - 1;
  let slot = hashOf(key, from, to) & mask;
  for (;;) {
    const held = columns.slots[slot]!;
    if (held === 0 || isTermAt(columns, held - 1, key, [from, to])) return slot;
    slot = (slot + 1) & mask;
  }
}

/** The id of a term, given as UTF-8; -1 when the segment does not have it. */
export function findTerm(columns: TermColumns, term: Uint8Array): number {
  return columns.slots[slotOf(columns, term, 0, term.length)]! - 1;
}

/** Gives terms ids in the order in which they come. */
export class TermTableBuilder implements TermColumns {
  bytes = new Uint8Array(1 << 12);
  starts = new Uint32Array(1 << 8);
  slots = new Uint32Array(1 << 9);
  #count = 0;
  readonly #encoder = new TextEncoder();
  readonly #key = new Uint8Array(1 << 12);

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.starts[this.#count]!;
  }

  /** The id of a term, new or known. Terms are cut at 4,096 bytes of UTF-8. */
  intern(term: string): number {
    const { written } = this.#encoder.encodeInto(term, this.#key);
    return this.internBytes(this.#key, 0, written);
  }

  internBytes(key: Uint8Array, from: number, to: number): number {
    const slot = slotOf(this, key, from, to);
    const held = this.slots[slot]!;
    if (held !== 0) return held - 1;
    const id = this.#append(key, from, to);
    this.slots[slot] = id + 1;
    if (this.#count * 2 > this.slots.length) this.#rehash();
    return id;
  }

  #append(key: Uint8Array, from: number, to: number): number {
    const id = this.#count++;
    const start = this.starts[id]!;
    if (start + to - from > this.bytes.length) this.bytes = grown(this.bytes, start + to - from);
    if (id + 1 >= this.starts.length) this.starts = grown(this.starts, id + 2);
    this.bytes.set(key.subarray(from, to), start);
    this.starts[id + 1] = start + to - from;
    return id;
  }

  #rehash(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let slot = hashOf(this.bytes, this.starts[id]!, this.starts[id + 1]!) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = id + 1;
    }
  }
}

/** A copy with room for at least `length`, at least twice as long as before. */
export function grown<Column extends Uint8Array | Uint32Array>(column: Column, length: number): Column;
export function grown(column: Uint8Array | Uint32Array, length: number): Uint8Array | Uint32Array {
  const size = Math.max(column.length * 2, length);
  const copy = column instanceof Uint8Array ? new Uint8Array(size) : new Uint32Array(size);
  copy.set(column);
  return copy;
}
