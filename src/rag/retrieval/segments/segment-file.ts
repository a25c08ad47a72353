import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { expectDigest, type Digest } from '#core/index.ts';
import type { SegmentHeader } from './segment.ts';
import { dataBytes, SegmentMemory, type Section } from './segment-memory.ts';

// A file is: magic, length of the header, CRC-32 of the header, CRC-32 of the data, the header as JSON, zeros up to a
// page, the data exactly as they lie in memory. Opening is one sequential read with the check sum taken on the way.

const MAGIC = Buffer.from('HRDLSEG1');
const PREFIX_BYTES = 24;
const PAGE = 4096;
// A piece is summed while it is still in the cache.
const PIECE_BYTES = 512 << 10;

const dataOffset = (headerBytes: number): number => Math.ceil((PREFIX_BYTES + headerBytes) / PAGE) * PAGE;

/** Writes a segment's columns and waits until they are on disk. Returns the digest of the whole file. */
export async function writeSegmentFile(
  path: string,
  { header, bytes }: { readonly header: SegmentHeader; readonly bytes: SegmentMemory },
): Promise<Digest> {
  const json = Buffer.from(JSON.stringify(header));
  const data = bytes.data();
  const head = Buffer.alloc(dataOffset(json.length));
  MAGIC.copy(head);
  head.writeUInt32LE(json.length, 8);
  head.writeUInt32LE(crc32(json), 12);
  head.writeUInt32LE(crc32(data), 16);
  json.copy(head, PREFIX_BYTES);
  const hash = createHash('sha256');
  await using file = await open(path, 'w', 0o600);
  for (const part of [head, ...pieces(data)]) {
    hash.update(part);
    await file.writeFile(part);
  }
  await file.sync();
  return expectDigest(`sha256:${hash.digest('hex')}`);
}

function* pieces(data: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < data.length; at += PIECE_BYTES) yield data.subarray(at, at + PIECE_BYTES);
}

/** A segment as it is read: what it is made of, and its columns, or those of them that were asked for. */
export interface ReadSegment {
  readonly header: SegmentHeader;
  readonly bytes: SegmentMemory;
}

/**
 * Reads a segment into shared memory.
 * @throws {RangeError} when the file is short, foreign or damaged.
 */
export function readSegmentFile(path: string): ReadSegment {
  const file = openSync(path, 'r');
  try {
    return readSegment(file);
  } finally {
    closeSync(file);
  }
}

/** The same of an open file. */
export function readSegment(file: number): ReadSegment {
  const { header, dataSum, dataAt } = readHeader(file);
  const bytes = new SegmentMemory(header.sections);
  const data = bytes.data();
  let sum = 0;
  for (let at = 0; at < data.length; at += PIECE_BYTES) {
    const piece = data.subarray(at, at + PIECE_BYTES);
    readFully(file, piece, dataAt + at);
    sum = crc32(piece, sum);
  }
  if (sum !== dataSum) throw new RangeError('the data of a segment are damaged');
  return { header, bytes };
}

/**
 * Reads some columns of a segment, those of `sections`, as they are to lie in memory. Every byte of the file is checked.
 * @throws {RangeError} when the file is short, foreign or damaged.
 */
export function readColumns(
  path: string,
  sectionsOf: (sections: readonly Section[]) => readonly Section[],
): ReadSegment {
  const file = openSync(path, 'r');
  try {
    const { header, dataSum, dataAt } = readHeader(file);
    const size = dataBytes(header.sections);
    const piece = new Uint8Array(Math.min(PIECE_BYTES, size));
    let sum = 0;
    for (let at = 0; at < size; at += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, size - at));
      readFully(file, part, dataAt + at);
      sum = crc32(part, sum);
    }
    if (sum !== dataSum) throw new RangeError('the data of a segment are damaged');
    const bytes = new SegmentMemory(sectionsOf(header.sections));
    const places = new Map(header.sections.map(({ name, offset }) => [name, offset]));
    for (const { name } of bytes.sections) readFully(file, bytes.u8(name), dataAt + places.get(name)!);
    return { header, bytes };
  } finally {
    closeSync(file);
  }
}

function readHeader(file: number): {
  readonly header: SegmentHeader;
  readonly dataSum: number;
  readonly dataAt: number;
} {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  readFully(file, prefix, 0);
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC)) throw new RangeError('not a segment');
  const json = Buffer.alloc(Math.min(prefix.readUInt32LE(8), fstatSync(file).size));
  readFully(file, json, PREFIX_BYTES);
  if (crc32(json) !== prefix.readUInt32LE(12)) throw new RangeError('the header of a segment is damaged');
  const header: unknown = JSON.parse(json.toString());
  if (!isHeader(header)) throw new RangeError('not the header of a segment');
  return { header, dataSum: prefix.readUInt32LE(16), dataAt: dataOffset(json.length) };
}

function readFully(file: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length;) {
    const count = readSync(file, target, done, target.length - done, position + done);
    if (count === 0) throw new RangeError('the file of a segment ends too early');
    done += count;
  }
}

// The check sum of the header was right, so it is as we wrote it; the version says whether we still read that.
function isHeader(value: unknown): value is SegmentHeader {
  return typeof value === 'object' && value !== null && 'formatVersion' in value && 'sections' in value;
}

/** SHA-256 of a file, piece by piece. */
export async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await using file = await open(path, 'r');
  for await (const piece of file.readableWebStream()) hash.update(new Uint8Array(piece));
  return expectDigest(`sha256:${hash.digest('hex')}`);
}

/** Makes new names in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
