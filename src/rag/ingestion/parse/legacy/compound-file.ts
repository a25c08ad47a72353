import { ParseFailure } from '../parse-failure.ts';

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
const LAST_SECTOR = 0xfffffffa;
const NO_ENTRY = 0xffffffff;
const STREAM = 2;
const ROOT = 5;
const MAX_ENTRIES = 20_000;

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

const damaged = (): ParseFailure => new ParseFailure('damaged', { format: 'compound-file' });

/** A file of streams in folders, as old office programs write it (MS-CFB). */
export class CompoundFile {
  /** Streams by their paths, folders parted by slashes. */
  readonly streams: ReadonlyMap<string, Uint8Array>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #sectorBytes: number;
  readonly #fat: readonly number[];

  /** @throws {ParseFailure} `damaged` when its tables lead nowhere. */
  constructor(bytes: Uint8Array) {
    if (bytes.length < HEADER_BYTES) throw damaged();
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const shift = this.#view.getUint16(30, true);
    if (shift !== 9 && shift !== 12) throw damaged();
    this.#sectorBytes = 2 ** shift;
    this.#fat = this.#readFat();
    this.streams = this.#readStreams();
  }

  #sector(index: number): Uint8Array {
    const start = (index + 1) * this.#sectorBytes;
    return this.#bytes.subarray(start, start + this.#sectorBytes);
  }

  #numbers(index: number): number[] {
    const sector = this.#sector(index);
    const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
    return Array.from({ length: Math.floor(sector.length / 4) }, (_, at) => view.getUint32(at * 4, true));
  }

  /** The table that names the sector after each sector; its own sectors are listed in the header and beyond. */
  #readFat(): number[] {
    const sectors = Array.from({ length: 109 }, (_, index) => this.#view.getUint32(76 + index * 4, true));
    const seen = new Set<number>();
    for (let next = this.#view.getUint32(68, true); next < LAST_SECTOR && !seen.has(next);) {
      seen.add(next);
      const numbers = this.#numbers(next);
      sectors.push(...numbers.slice(0, -1));
      next = numbers.at(-1) ?? LAST_SECTOR;
    }
    return sectors.filter((sector) => sector < LAST_SECTOR).flatMap((sector) => this.#numbers(sector));
  }

  /** The bytes of a chain of sectors. */
  #chain(start: number): Uint8Array {
    const parts: Uint8Array[] = [];
    const seen = new Set<number>();
    for (let at = start; at < LAST_SECTOR; at = this.#fat[at] ?? LAST_SECTOR) {
      if (seen.has(at)) throw damaged();
      seen.add(at);
      parts.push(this.#sector(at));
    }
    return Buffer.concat(parts);
  }

  #readEntries(): Entry[] {
    const bytes = this.#chain(this.#view.getUint32(48, true));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.min(MAX_ENTRIES, Math.floor(bytes.length / ENTRY_BYTES));
    return Array.from({ length: count }, (_, index) => {
      const at = index * ENTRY_BYTES;
      const nameBytes = Math.max(0, Math.min(64, view.getUint16(at + 64, true)) - 2);
      return {
        name: Buffer.from(bytes.subarray(at, at + nameBytes)).toString('utf16le'),
        type: bytes[at + 66] ?? 0,
        left: view.getUint32(at + 68, true),
        right: view.getUint32(at + 72, true),
        child: view.getUint32(at + 76, true),
        start: view.getUint32(at + 116, true),
        size: view.getUint32(at + 120, true),
      };
    });
  }

  #readStreams(): Map<string, Uint8Array> {
    const entries = this.#readEntries();
    const root = entries.find(({ type }) => type === ROOT);
    if (root === undefined) throw damaged();
    const smallLimit = this.#view.getUint32(56, true);
    const small = this.#chain(root.start);
    const smallFat = this.#chain(this.#view.getUint32(60, true));
    const streams = new Map<string, Uint8Array>();
    const seen = new Set<number>();
    const visit = (index: number, folder: string): void => {
      const entry = index === NO_ENTRY || seen.has(index) ? undefined : entries[index];
      if (entry === undefined) return;
      seen.add(index);
      visit(entry.left, folder);
      const path = `${folder}${entry.name}`;
      if (entry.type === STREAM) {
        const whole =
          entry.size < smallLimit ? smallChain(small, smallFat, entry.start) : this.#chain(entry.start);
        streams.set(path, whole.subarray(0, entry.size));
      } else visit(entry.child, `${path}/`);
      visit(entry.right, folder);
    };
    visit(root.child, '');
    return streams;
  }
}

const SMALL_SECTOR_BYTES = 64;

/** Short streams share the sectors of one long one. */
function smallChain(small: Uint8Array, fat: Uint8Array, start: number): Uint8Array {
  const view = new DataView(fat.buffer, fat.byteOffset, fat.byteLength);
  const parts: Uint8Array[] = [];
  const seen = new Set<number>();
  for (let at = start; at < LAST_SECTOR && !seen.has(at);) {
    seen.add(at);
    parts.push(small.subarray(at * SMALL_SECTOR_BYTES, (at + 1) * SMALL_SECTOR_BYTES));
    at = at * 4 + 4 <= fat.length ? view.getUint32(at * 4, true) : LAST_SECTOR;
  }
  return Buffer.concat(parts);
}
