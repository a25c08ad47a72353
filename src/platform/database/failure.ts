import { AppError, isAppError, type ErrorCode } from '#core/index.ts';

const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
/** The shared-memory file could not grow: on a full disk that is all SQLite can say. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** SQLite's extended result code, if `error` carries one. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/**
 * After a failed write or fsync nobody knows what is on the disk: the kernel may have dropped the pages and
 * calls the next fsync a success. So nothing more may be acknowledged until the process has started anew and
 * read what is there.
 */
export function isFatal(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined || code === SQLITE_IOERR_SHMSIZE) return false;
  return [SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB].includes(code & 0xff);
}

const WORDS = new Map<number, readonly [ErrorCode, string]>([
  [SQLITE_CORRUPT, ['storage.damaged', 'The database is damaged. Run "hradlo doctor".']],
  [SQLITE_NOTADB, ['storage.damaged', 'The database is damaged. Run "hradlo doctor".']],
  [SQLITE_IOERR, ['record.unavailable', 'The disk failed. Nothing is written until a restart.']],
  [SQLITE_BUSY, ['record.unavailable', 'Another program holds the database. Try again.']],
]);

/** A failure of SQLite as one that the caller may meet; anything unknown as it is. */
export function toFailure(error: unknown): Error {
  if (isAppError(error)) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  if (code === SQLITE_IOERR_SHMSIZE || (code !== undefined && (code & 0xff) === SQLITE_FULL)) {
    return new AppError(
      'storage.full',
      'The disk is full. Nothing was changed; make room and try again.',
      cause,
    );
  }
  const words = code === undefined ? undefined : WORDS.get(code & 0xff);
  if (words !== undefined) return new AppError(...words, cause);
  return error instanceof Error ? error : new Error(String(error));
}
