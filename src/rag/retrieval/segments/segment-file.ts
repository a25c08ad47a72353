import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { expectDigest, type Digest } from '#core/index.ts';
import type { SegmentHeader } from './segment.ts';
import { SegmentMemory } from './segment-memory.ts';

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

/**
 * Reads a segment into shared memory.
 * @throws {RangeError} when the file is short, foreign or damaged.
 */
export function readSegmentFile(path: string): { header: SegmentHeader; bytes: SegmentMemory } {
  const file = openSync(path, 'r');
  try {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    readFully(file, prefix, 0);
    if (!prefix.subarray(0, MAGIC.length).equals(MAGIC)) throw new RangeError('not a segment');
    const json = Buffer.alloc(Math.min(prefix.readUInt32LE(8), fstatSync(file).size));
    readFully(file, json, PREFIX_BYTES);
    if (crc32(json) !== prefix.readUInt32LE(12)) throw new RangeError('the header of a segment is damaged');
    const parsed: unknown = JSON.parse(json.toString());
    if (!isHeader(parsed)) throw new RangeError('not the header of a segment');
    const bytes = new SegmentMemory(parsed.sections);
    const data = bytes.data();
    let sum = 0;
    for (let at = 0; at < data.length; at += PIECE_BYTES) {
      const piece = data.subarray(at, at + PIECE_BYTES);
      readFully(file, piece, dataOffset(json.length) + at);
      sum = crc32(piece, sum);
    }
    if (sum !== prefix.readUInt32LE(16)) throw new RangeError('the data of a segment are damaged');
    return { header: parsed, bytes };
  } finally {
    closeSync(file);
  }
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
