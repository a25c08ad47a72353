import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { readCommits, readWalHeader, type WalHeader, type WalPosition } from './wal.ts';

/** A piece of the database's log, as it waits to be archived: what each commit changed, and when. */
export interface LogPieceHead {
  readonly format: 'hradlo.log/1';
  readonly sequence: number;
  readonly header: WalHeader;
  readonly from: WalPosition;
  readonly to: WalPosition;
  /** Ends of the commits, and when each was made. */
  readonly commits: readonly { readonly end: number; readonly atMs: number }[];
}

interface SpoolState {
  readonly sequence: number;
  /** Undefined after a clean end: the log was empty then. */
  readonly position: WalPosition | undefined;
}

const STATE = 'state.json';
const PIECE = /^\d{12}\.piece$/;

/**
 * Copies the database's log, piece by piece, before it is begun anew: with a copy of the database and every piece
 * since, any moment between can be restored. Lives in the writer's thread, so that nothing is written meanwhile.
 */
export class LogSpool {
  readonly #folder: string;
  readonly #walPath: string;
  #state: SpoolState;
  #isBroken: boolean;
  #commits: { end: number; atMs: number }[] = [];

  constructor(folder: string, databasePath: string) {
    this.#folder = folder;
    this.#walPath = `${databasePath}-wal`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const known = readState(join(folder, STATE));
    this.#state = known ?? { sequence: 0, position: undefined };
    // A log that was begun anew was spooled whole before that, so the one that follows ours is no gap.
    const salt = this.#readHeader()?.start.salt;
    const last = known?.position?.salt;
    const isNext =
      salt === undefined || last === undefined || salt === last || counterOf(salt) === nextCounter(last);
    this.#isBroken = known === undefined || !isNext;
  }

  /** A piece is missing: what was archived so far cannot be carried on, a new copy of the database is needed. */
  get isBroken(): boolean {
    return this.#isBroken;
  }
  get sequence(): number {
    return this.#state.sequence;
  }

  /** A copy of the database is being made, of the state in which the log is empty: from here on all is followed. */
  begin(): void {
    this.#isBroken = false;
    this.#commits = [];
    this.#save({ sequence: this.#state.sequence, position: undefined });
  }

  /** The log is empty and the database whole: a clean end. */
  end(): void {
    this.#save({ sequence: this.#state.sequence, position: undefined });
  }

  /** Remembers when a commit was made. Call after each. */
  note(atMs: number): void {
    this.#commits.push({ end: this.#size(), atMs });
  }

  /** Writes what was committed since the last piece as a new one, if there is anything. */
  spool(): void {
    const header = this.#readHeader();
    if (header === undefined) return;
    const { position, sequence } = this.#state;
    const from = position?.salt === header.start.salt ? position : header.start;
    const bytes = this.#read(from.offset);
    const ends = [...readCommits(header, from, bytes)].map((commit) => commit.end);
    const to = ends.at(-1);
    if (to === undefined) return;
    const latest = this.#commits.at(-1)?.atMs ?? statSync(this.#walPath).mtimeMs;
    const commits = ends.map(({ offset }) => ({
      end: offset,
      atMs: Math.round(this.#commits.find(({ end }) => end >= offset)?.atMs ?? latest),
    }));
    const head: LogPieceHead = { format: 'hradlo.log/1', sequence: sequence + 1, header, from, to, commits };
    const name = `${String(head.sequence).padStart(12, '0')}.piece`;
    const path = join(this.#folder, name);
    const body = bytes.subarray(0, to.offset - from.offset);
    writeDurablySync(path, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]));
    this.#commits = [];
    this.#save({ sequence: head.sequence, position: to });
  }

  #save(state: SpoolState): void {
    this.#state = state;
    // Durable before the log is begun anew: a sequence number must never come twice.
    writeDurablySync(join(this.#folder, STATE), Buffer.from(JSON.stringify(state)));
  }

  #size(): number {
    return statSync(this.#walPath, { throwIfNoEntry: false })?.size ?? 0;
  }

  #readHeader(): WalHeader | undefined {
    return existsSync(this.#walPath) ? readWalHeader(this.#read(0, 32)) : undefined;
  }

  #read(from: number, length?: number): Buffer {
    const file = openSync(this.#walPath, 'r');
    try {
      const buffer = Buffer.alloc(length ?? Math.max(0, fstatSync(file).size - from));
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from));
    } finally {
      closeSync(file);
    }
  }
}

/** The half of the salts that counts up each time the log is begun anew. */
const counterOf = (salt: string) => Number.parseInt(salt.slice(0, 8), 16);
const nextCounter = (salt: string) => (counterOf(salt) + 1) >>> 0;

function writeDurablySync(path: string, content: Buffer): void {
  const file = openSync(`${path}.new`, 'w', 0o600);
  writeSync(file, content);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function readState(path: string): SpoolState | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('sequence' in value)) return undefined;
    const position = 'position' in value ? toPosition(value.position) : undefined;
    return typeof value.sequence === 'number' ? { sequence: value.sequence, position } : undefined;
  } catch {
    return undefined;
  }
}

function toPosition(value: unknown): WalPosition | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { salt, offset, checksum } = Object.fromEntries(Object.entries(value));
  if (typeof salt !== 'string' || typeof offset !== 'number' || !Array.isArray(checksum)) return undefined;
  return { salt, offset, checksum: [Number(checksum[0]), Number(checksum[1])] };
}

/** Whether something was committed that no piece holds yet, or a piece still waits to be archived. */
export function hasUnarchived(folder: string, databasePath: string): boolean {
  if (listPieces(folder).length > 0) return true;
  const wal = existsSync(`${databasePath}-wal`) ? readFileSync(`${databasePath}-wal`) : Buffer.alloc(0);
  const header = readWalHeader(wal);
  if (header === undefined) return false;
  const position = readState(join(folder, STATE))?.position;
  const from = position?.salt === header.start.salt ? position : header.start;
  return !readCommits(header, from, wal.subarray(from.offset)).next().done;
}

/** Pieces that wait, oldest first. */
export function listPieces(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => PIECE.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}
