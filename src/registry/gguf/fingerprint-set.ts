const FIRST_SLOTS = 4_096;
const MAX_FILL = 0.5;

/**
 * Remembers byte strings by 53 bits of their hash, in eight bytes each instead of a string: a vocabulary may have a
 * million tokens. Two different strings pass for equal with a chance of about n²/2⁵⁴: one in 100,000 files of the
 * largest size allowed.
 */
export class FingerprintSet {
  #slots = new Float64Array(FIRST_SLOTS);
  #size = 0;

  /** Takes `bytes[start]` to `bytes[end - 1]`; false when they were there already. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#size >= this.#slots.length * MAX_FILL) this.#grow();
    const isNew = insert(this.#slots, fingerprint(bytes, start, end));
    if (isNew) this.#size += 1;
    return isNew;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (const value of this.#slots) if (value !== 0) insert(larger, value);
    this.#slots = larger;
  }
}

function insert(slots: Float64Array, value: number): boolean {
  // The number of slots is a power of two, so the low bits choose one.
  const mask = slots.length - 1;
  let at = (value >>> 0) & mask;
  while (slots[at] !== 0) {
    if (slots[at] === value) return false;
    at = (at + 1) & mask;
  }
  slots[at] = value;
  return true;
}

/** Two 32-bit FNV-1a hashes with different starts, joined to a whole number from 1 to 2⁵³. */
function fingerprint(bytes: Uint8Array, start: number, end: number): number {
  let high = 0x811c9dc5;
  let low = 0x01000193 ^ (end - start);
  for (let index = start; index < end; index++) {
    high = Math.imul(high ^ bytes[index]!, 0x01000193);
    low = Math.imul(low ^ bytes[index]!, 0x85ebca6b) ^ (low >>> 13);
  }
  return (high & 0x1f_ffff) * 2 ** 32 + (low >>> 0) + 1;
}
