import { LANES } from './scan-kernel.ts';
import { MAX_STRIDE } from './scratch.ts';
import { FIELDS, LENGTH_BLOCK, type Field } from './segment.ts';
import { layOut, SegmentMemory } from './segment-memory.ts';
import type { TermTableBuilder } from './term-table.ts';

/** What decides who sees a row and when. Rows with equal values form a group. */
export interface GroupValue {
  readonly aclSet: number;
  readonly collection: string;
  readonly language: string;
  /** Canonical JSON. */
  readonly attributes: string;
  readonly times: readonly [validFrom: number, validTo: number, recordedFrom: number, recordedTo: number];
}

/** Sizes of a segment's columns. */
export interface SegmentShape {
  readonly rowCount: number;
  readonly groupCount: number;
  readonly dimensions: number;
  readonly terms: Readonly<Record<Field, TermTableBuilder>>;
  readonly postings: Readonly<Record<Field, number>>;
}

/** Int8 values per row of vectors with `dimensions`. @throws {RangeError} beyond the kernel's 4,096. */
export function strideOf(dimensions: number): number {
  const stride = Math.ceil(dimensions / LANES) * LANES;
  if (stride > MAX_STRIDE) throw new RangeError(`vectors have at most ${MAX_STRIDE} dimensions`);
  return stride;
}

/** Whether a field counts how often a term comes. */
export const hasCounts = (field: Field): boolean => field !== 'grams';

/** Takes memory for a segment of this shape, all zeros. */
export function allocate(shape: SegmentShape): SegmentMemory {
  const { rowCount, groupCount } = shape;
  const stride = strideOf(shape.dimensions);
  const sizes: [string, number][] = [
    ['groups.starts', (groupCount + 1) * 4],
    ['groups.aclSets', groupCount * 4],
    ['groups.collections', groupCount * 4],
    ['groups.languages', groupCount * 4],
    ['groups.attributes', groupCount * 4],
    ['groups.times', groupCount * 32],
    ['rows', rowCount * 8],
    ['rowOrder', rowCount * 4],
  ];
  if (stride > 0) {
    sizes.push(['vectors', rowCount * stride], ['scales', rowCount * 4], ['sums', rowCount * 4]);
  }
  for (const field of FIELDS) sizes.push(...fieldSizes(field, shape));
  return new SegmentMemory(layOut(sizes));
}

function fieldSizes(field: Field, { rowCount, terms, postings }: SegmentShape): [string, number][] {
  const table = terms[field];
  const sizes: [string, number][] = [
    [`${field}.termBytes`, table.byteLength],
    [`${field}.termStarts`, (table.count + 1) * 4],
    [`${field}.termSlots`, table.slots.byteLength],
    [`${field}.starts`, (table.count + 1) * 4],
    [`${field}.rows`, postings[field] * 4],
    [`${field}.lengths`, rowCount * 2],
    [`${field}.lengthSums`, (Math.ceil(rowCount / LENGTH_BLOCK) + 1) * 8],
  ];
  if (hasCounts(field)) sizes.push([`${field}.counts`, postings[field]]);
  return sizes;
}

/** Numbers for strings, in the order in which they come. */
export class Numbering {
  readonly values: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** Writes the groups, of `counts` rows each; returns the strings that their numbers stand for. */
export function fillGroups(
  bytes: SegmentMemory,
  groups: readonly GroupValue[],
  counts: readonly number[],
): { collections: string[]; languages: string[]; attributes: string[] } {
  const [collections, languages, attributes] = [new Numbering(), new Numbering(), new Numbering()];
  const starts = bytes.u32('groups.starts');
  const columns = {
    aclSets: bytes.u32('groups.aclSets'),
    collections: bytes.u32('groups.collections'),
    languages: bytes.u32('groups.languages'),
    attributes: bytes.u32('groups.attributes'),
    times: bytes.f64('groups.times'),
  };
  for (const [index, group] of groups.entries()) {
    starts[index + 1] = starts[index]! + counts[index]!;
    columns.aclSets[index] = group.aclSet;
    columns.collections[index] = collections.of(group.collection);
    columns.languages[index] = languages.of(group.language);
    columns.attributes[index] = attributes.of(group.attributes);
    columns.times.set(group.times, index * 4);
  }
  return { collections: collections.values, languages: languages.values, attributes: attributes.values };
}

/** Writes the chunk rows and their order. */
export function fillRows(bytes: SegmentMemory, rows: Float64Array): void {
  bytes.f64('rows').set(rows);
  const order = bytes.u32('rowOrder');
  for (let local = 0; local < rows.length; local++) order[local] = local;
  order.sort((a, b) => rows[a]! - rows[b]!);
}

/** Writes a field's dictionary, and the running sums of the lengths that are already there. */
export function fillTerms(bytes: SegmentMemory, field: Field, table: TermTableBuilder): void {
  bytes.u8(`${field}.termBytes`).set(table.bytes.subarray(0, table.byteLength));
  bytes.u32(`${field}.termStarts`).set(table.starts.subarray(0, table.count + 1));
  bytes.u32(`${field}.termSlots`).set(table.slots);
  const lengths = bytes.u16(`${field}.lengths`);
  const sums = bytes.f64(`${field}.lengthSums`);
  for (let block = 1; block < sums.length; block++) {
    let sum = sums[block - 1]!;
    const end = Math.min(block * LENGTH_BLOCK, lengths.length);
    for (let row = (block - 1) * LENGTH_BLOCK; row < end; row++) sum += lengths[row]!;
    sums[block] = sum;
  }
}

/** The order of groups in a segment: access sets together, then what is filtered most often. */
export function compareGroups(a: GroupValue, b: GroupValue): number {
  return (
    a.aclSet - b.aclSet ||
    compareText(a.collection, b.collection) ||
    compareText(a.language, b.language) ||
    compareText(a.attributes, b.attributes) ||
    compareTimes(a.times, b.times)
  );
}

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

// Not by subtraction: times may be infinite.
function compareTimes(a: GroupValue['times'], b: GroupValue['times']): number {
  const at = a.findIndex((time, index) => time !== b[index]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}
