import type { Attributes } from '#contracts/index.ts';
import { expectChunkRow, type ChunkRow, type Digest } from '#core/index.ts';
import { toAttributes } from './attributes.ts';
import { bindKernel, compileKernel } from './scan-kernel.ts';
import type { SegmentMemory, Section } from './segment-memory.ts';
import type { ColdFile } from './cold-file.ts';
import type { TermColumns } from './term-table.ts';
import type { VectorSource } from './vector-source.ts';

/** The kinds of terms that are counted apart. Grams say how a word is spelt, not how often it comes. */
export const FIELDS = ['stems', 'folded', 'grams'] as const;
export type Field = (typeof FIELDS)[number];

/** Rows per entry of the running sum of lengths. */
export const LENGTH_BLOCK = 64;
/** Longest chunk that is told apart, in terms of one field. */
export const MAX_LENGTH = 65_535;
/** Most times that a term counts in one chunk. */
export const MAX_COUNT = 255;

/** What a segment is made of, but for its bytes. */
export interface SegmentHeader {
  readonly formatVersion: number;
  readonly rowCount: number;
  readonly groupCount: number;
  readonly dimensions: number;
  /** Int8 values per row: dimensions padded to whole lanes. */
  readonly stride: number;
  /** The largest ‖v − v̂‖ of its rows. */
  readonly vectorError: number;
  readonly analyzerVersion: string;
  readonly embeddingDigest: Digest | undefined;
  /** Values that groups refer to by number. */
  readonly collections: readonly string[];
  readonly languages: readonly string[];
  /** Canonical JSON of the attributes of documents. */
  readonly attributes: readonly string[];
  readonly sections: readonly Section[];
}

/** Inverted lists of one field: the rows of term t are `rows[starts[t]..starts[t + 1]]`, ascending. */
export interface Postings {
  readonly terms: TermColumns;
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  /** How often the term comes in the row; undefined where once is all that counts. */
  readonly counts: Uint8Array | undefined;
  /** Terms per row. */
  readonly lengths: Uint16Array;
  /** Sum of the lengths of all rows before each block of 64, and of all. */
  readonly lengthSums: Float64Array;
}

/** Rows that share what decides who sees them and when: rows `starts[g]` to `starts[g + 1]`. Sorted by access set. */
export interface Groups {
  readonly starts: Uint32Array;
  readonly aclSets: Uint32Array;
  readonly collections: Uint32Array;
  readonly languages: Uint32Array;
  readonly attributes: Uint32Array;
  /** Four per group: valid from, valid to, recorded from, recorded to. */
  readonly times: Float64Array;
}

/** Groups of one access set, and the narrowest window of time in which all of them hold. */
export interface AclSlice {
  readonly aclSet: number;
  readonly from: number;
  readonly to: number;
  readonly window: readonly [validFrom: number, validTo: number, recordedFrom: number, recordedTo: number];
}

const kernels = new Map<number, WebAssembly.Module>();

function kernelFor(stride: number): WebAssembly.Module {
  const known = kernels.get(stride);
  if (known !== undefined) return known;
  const kernel = compileKernel(stride);
  kernels.set(stride, kernel);
  return kernel;
}

/** What of a segment is not in its columns. */
export interface SegmentFiles {
  readonly vectors: VectorSource | undefined;
  /** Of a cold segment: where its columns are. */
  readonly cold?: ColdFile | undefined;
}

/**
 * An immutable part of the index, as one thread sees it: views over shared bytes, nothing copied. Of a cold one only the
 * columns are in memory that say who may see its rows and when; to be searched or merged it is read whole first.
 */
export class Segment {
  readonly id: string;
  readonly header: SegmentHeader;
  readonly bytes: SegmentMemory;
  readonly vectors: VectorSource | undefined;
  /** Where the rest of a cold segment is. */
  readonly cold: ColdFile | undefined;
  readonly groups: Groups;
  readonly slices: readonly AclSlice[];
  /** Chunk row of each local row. */
  readonly rows: Float64Array;
  /** Local rows in the order of their chunk rows. */
  readonly rowOrder: Uint32Array;
  #postings: Readonly<Record<Field, Postings>> | undefined;
  #scan: ReturnType<typeof bindKernel> | undefined;
  #attributes: readonly Attributes[] | undefined;

  constructor(id: string, header: SegmentHeader, bytes: SegmentMemory, { vectors, cold }: SegmentFiles) {
    this.id = id;
    this.header = header;
    this.bytes = bytes;
    this.vectors = vectors;
    this.cold = cold;
    this.groups = {
      starts: bytes.u32('groups.starts'),
      aclSets: bytes.u32('groups.aclSets'),
      collections: bytes.u32('groups.collections'),
      languages: bytes.u32('groups.languages'),
      attributes: bytes.u32('groups.attributes'),
      times: bytes.f64('groups.times'),
    };
    this.slices = slicesOf(this.groups);
    this.rows = bytes.f64('rows');
    this.rowOrder = bytes.u32('rowOrder');
  }

  /** Inverted lists. @throws {RangeError} of a cold segment. */
  get postings(): Readonly<Record<Field, Postings>> {
    return (this.#postings ??= {
      stems: postingsOf(this.bytes, 'stems'),
      folded: postingsOf(this.bytes, 'folded'),
      grams: postingsOf(this.bytes, 'grams'),
    });
  }

  /** The kernel over its int8 vectors; undefined when there are none. */
  get scan(): ReturnType<typeof bindKernel> | undefined {
    const { stride } = this.header;
    return stride === 0 ? undefined : (this.#scan ??= bindKernel(kernelFor(stride), this.bytes.memory));
  }

  get rowCount(): number {
    return this.header.rowCount;
  }

  /** The attributes of documents that groups refer to by number. */
  get attributes(): readonly Attributes[] {
    this.#attributes ??= this.header.attributes.map((text) => toAttributes(JSON.parse(text)));
    return this.#attributes;
  }

  /** Bytes in memory. */
  get sizeBytes(): number {
    return this.bytes.sizeBytes + (this.vectors?.memoryBytes ?? 0);
  }

  /** The local row of a chunk row; -1 when it is not in this segment. */
  find(row: number): number {
    let low = 0;
    let high = this.rowOrder.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rows[this.rowOrder[middle]!]! < row) low = middle + 1;
      else high = middle;
    }
    const local = this.rowOrder[low];
    return local !== undefined && this.rows[local] === row ? local : -1;
  }

  /** The chunk rows, by local row. */
  *chunkRows(): Generator<ChunkRow> {
    for (const row of this.rows) yield expectChunkRow(row);
  }

  /** The group of a local row. */
  groupOf(local: number): number {
    let low = 0;
    let high = this.groups.aclSets.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.groups.starts[middle]! <= local) low = middle;
      else high = middle;
    }
    return low;
  }
}

function postingsOf(bytes: SegmentMemory, field: Field): Postings {
  return {
    terms: {
      bytes: bytes.u8(`${field}.termBytes`),
      starts: bytes.u32(`${field}.termStarts`),
      slots: bytes.u32(`${field}.termSlots`),
    },
    starts: bytes.u32(`${field}.starts`),
    rows: bytes.u32(`${field}.rows`),
    counts: bytes.has(`${field}.counts`) ? bytes.u8(`${field}.counts`) : undefined,
    lengths: bytes.u16(`${field}.lengths`),
    lengthSums: bytes.f64(`${field}.lengthSums`),
  };
}

function slicesOf({ aclSets, times }: Groups): AclSlice[] {
  const slices: AclSlice[] = [];
  for (let from = 0; from < aclSets.length;) {
    const aclSet = aclSets[from]!;
    let to = from;
    let window: AclSlice['window'] = [-Infinity, Infinity, -Infinity, Infinity];
    for (; to < aclSets.length && aclSets[to] === aclSet; to++) {
      const at = to * 4;
      window = [
        Math.max(window[0], times[at]!),
        Math.min(window[1], times[at + 1]!),
        Math.max(window[2], times[at + 2]!),
        Math.min(window[3], times[at + 3]!),
      ];
    }
    slices.push({ aclSet, from, to, window });
    from = to;
  }
  return slices;
}
