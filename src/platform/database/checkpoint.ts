import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const PAGE_BYTES = 4096;

/** Frames that the log of the database file at `path` holds. */
function framesOf(path: string): number {
  const stat = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const bytes = (stat?.size ?? 0) - WAL_HEADER_BYTES;
  return bytes <= 0 ? 0 : Math.floor(bytes / (FRAME_HEADER_BYTES + PAGE_BYTES));
}

/**
 * Copies the log into the database file when it has grown beyond so many frames; waits for nobody. The next
 * commit begins the log anew and cuts it (journal_size_limit = 0), unless a reader still stands in it.
 * @param before runs when it is about to. @returns whether it did. @throws when the disk failed.
 */
export function checkpoint(database: DatabaseSync, beyondFrames: number, before: () => void): boolean {
  const path = database.location();
  if (path === null || framesOf(path) <= beyondFrames) return false;
  before();
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  return true;
}

/**
 * Copies the whole log into the database file and cuts it to nothing; waits for readers, as long as the
 * connection's busy timeout. @throws when one does not let go, or the disk failed.
 */
export function cutLog(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  if (Number(row?.['busy']) !== 0) throw new Error('a reader holds the log');
}
