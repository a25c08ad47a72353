import { inflateSync } from 'node:zlib';

/** What a file says of a font beside the font itself (ISO 32000-1, 9.8). Heights in thousandths of the size. */
export interface FontDescriptor {
  readonly ascent: number | undefined;
  readonly descent: number | undefined;
  /** The font's program is in the file. */
  readonly isEmbedded: boolean;
}

const MEBIBYTE = 1024 * 1024;
const MAX_PACKED_BYTES = 4 * MEBIBYTE;
const MAX_TOTAL_BYTES = 64 * MEBIBYTE;
/** A descriptor is short; what is longer is something else. */
const MAX_DESCRIPTOR = 4000;
const MAX_NAME = 300;
const KEY = '/FontName';

/** `#20` in a name stands for the byte 0x20. */
const decodeName = (name: string): string =>
  name.replaceAll(/#([\da-f]{2})/giu, (_match, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );

/** The dictionary around a place, without its brackets; undefined when there is none of a sane length. */
function dictionaryAround(text: string, at: number): string | undefined {
  let depth = 0;
  let start = at;
  for (; start >= 0 && at - start < MAX_DESCRIPTOR; start--) {
    const pair = text.slice(start, start + 2);
    if (pair === '>>') depth += 1;
    if (pair !== '<<') continue;
    if (depth === 0) break;
    depth -= 1;
  }
  let end = at;
  for (depth = 0; end < text.length && end - at < MAX_DESCRIPTOR; end++) {
    const pair = text.slice(end, end + 2);
    if (pair === '<<') depth += 1;
    if (pair !== '>>') continue;
    if (depth === 0) return text.slice(start, end);
    depth -= 1;
  }
  return undefined;
}

function numberOf(dictionary: string, key: string): number | undefined {
  // A number followed by another and `R` is a reference to an object elsewhere.
  const match = new RegExp(`/${key}\\s*([-+]?\\d*\\.?\\d+)(?!\\d*\\s+\\d+\\s+R)`, 'u').exec(dictionary);
  return match === null ? undefined : Number(match[1]);
}

function collectAt(text: string, at: number, found: Map<string, FontDescriptor>): void {
  const name = /^\/FontName\s*\/([^\s/<>[\]()]+)/u.exec(text.slice(at, at + MAX_NAME))?.[1];
  const dictionary = name === undefined ? undefined : dictionaryAround(text, at);
  if (name === undefined || dictionary === undefined) return;
  found.set(decodeName(name), {
    ascent: numberOf(dictionary, 'Ascent'),
    descent: numberOf(dictionary, 'Descent'),
    isEmbedded: /\/FontFile[23]?\b/u.test(dictionary),
  });
}

function collect(text: string, found: Map<string, FontDescriptor>): void {
  for (let at = text.indexOf(KEY); at >= 0; at = text.indexOf(KEY, at + KEY.length))
    collectAt(text, at, found);
}

/** Streams that hold other objects, unpacked one by one; one that does not unpack is passed over. */
function* objectStreams(bytes: Buffer): Generator<string> {
  let total = 0;
  for (let at = bytes.indexOf('/ObjStm'); at >= 0; at = bytes.indexOf('/ObjStm', at + 7)) {
    const keyword = bytes.indexOf('stream', at + 7);
    if (keyword < 0) return;
    const from = keyword + (bytes[keyword + 6] === 0x0d ? 8 : 7);
    const to = bytes.indexOf('endstream', from);
    if (to < 0 || total > MAX_TOTAL_BYTES) return;
    try {
      const unpacked = inflateSync(bytes.subarray(from, to), { maxOutputLength: MAX_PACKED_BYTES });
      total += unpacked.length;
      yield unpacked.toString('latin1');
    } catch {
      // Packed in another way, locked or broken: fonts of this stream are taken as the library describes them.
    }
  }
}

/**
 * The descriptors of a file's fonts by font name, the later one where a name is told twice (an update is
 * appended). The PDF library replaces a descriptor's heights by those in the font's program, and what draws and
 * measures a page goes by the descriptor; so this reads them from the bytes. It finds what stands plain or in
 * deflated object streams; object streams of encrypted files stay closed to it.
 */
export function readFontDescriptors(bytes: Uint8Array): ReadonlyMap<string, FontDescriptor> {
  const found = new Map<string, FontDescriptor>();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf(KEY); at >= 0; at = buffer.indexOf(KEY, at + KEY.length)) {
    const from = Math.max(0, at - MAX_DESCRIPTOR);
    const text = buffer.toString('latin1', from, at + MAX_DESCRIPTOR);
    collectAt(text, at - from, found);
  }
  for (const text of objectStreams(buffer)) collect(text, found);
  return found;
}
