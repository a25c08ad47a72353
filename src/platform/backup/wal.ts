const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

/** Where one stands in a log: what the next frame is checked with. */
export interface WalPosition {
  /** The two salts of the log's header, as one text: another one means a log begun anew. */
  readonly salt: string;
  readonly offset: number;
  readonly checksum: readonly [number, number];
}

/** What the header of a log says. */
export interface WalHeader {
  readonly pageBytes: number;
  readonly isLittle: boolean;
  readonly start: WalPosition;
}

/** A page as one commit left it. */
export interface WalPage {
  readonly number: number;
  readonly bytes: Buffer;
}

/** One commit: its pages, the size of the database after it, and where it ends. */
export interface WalCommit {
  readonly pages: readonly WalPage[];
  readonly databasePages: number;
  readonly end: WalPosition;
}

/** Reads a log's header; undefined when there is none, as in an empty log. @see SQLite file format, section 4. */
export function readWalHeader(bytes: Buffer): WalHeader | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const magic = bytes.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return undefined;
  const isLittle = magic === MAGIC_LITTLE;
  const checksum = addChecksum([0, 0], bytes.subarray(0, 24), isLittle);
  if (checksum[0] !== bytes.readUInt32BE(24) || checksum[1] !== bytes.readUInt32BE(28)) return undefined;
  const salt = bytes.subarray(16, 24).toString('hex');
  return { pageBytes: bytes.readUInt32BE(8), isLittle, start: { salt, offset: HEADER_BYTES, checksum } };
}

function addChecksum(
  [first, second]: readonly [number, number],
  bytes: Buffer,
  isLittle: boolean,
): [number, number] {
  let s0 = first;
  let s1 = second;
  for (let at = 0; at < bytes.length; at += 8) {
    const a = isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    const b = isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
    s0 = (s0 + a + s1) >>> 0;
    s1 = (s1 + b + s0) >>> 0;
  }
  return [s0, s1];
}

/**
 * The whole commits in `bytes`, which follow `from` in the log of this header. What comes after the last whole
 * commit, or does not check, was never committed.
 */
export function* readCommits(header: WalHeader, from: WalPosition, bytes: Buffer): Generator<WalCommit> {
  const frameBytes = FRAME_HEADER_BYTES + header.pageBytes;
  let pages: WalPage[] = [];
  let { checksum } = from;
  for (let at = 0; at + frameBytes <= bytes.length; at += frameBytes) {
    const frame = bytes.subarray(at, at + frameBytes);
    if (frame.subarray(8, 16).toString('hex') !== from.salt) return;
    checksum = addChecksum(checksum, frame.subarray(0, 8), header.isLittle);
    checksum = addChecksum(checksum, frame.subarray(FRAME_HEADER_BYTES), header.isLittle);
    if (checksum[0] !== frame.readUInt32BE(16) || checksum[1] !== frame.readUInt32BE(20)) return;
    pages.push({ number: frame.readUInt32BE(0), bytes: frame.subarray(FRAME_HEADER_BYTES) });
    const databasePages = frame.readUInt32BE(4);
    if (databasePages === 0) continue;
    const end = { salt: from.salt, offset: from.offset + at + frameBytes, checksum };
    yield { pages, databasePages, end };
    pages = [];
  }
}
