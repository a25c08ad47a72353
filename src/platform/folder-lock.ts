import { DatabaseSync } from 'node:sqlite';

/** The data folder is in use; said so that a person knows what to do. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/**
 * Holds a folder for this process. The lock is the kernel's, on an SQLite file, so it is gone with the process
 * however that ends: there is no stale lock to clear by hand. @throws {FolderInUseError}
 * @param patienceMs how long to wait, blocking the thread, for a holder that is about to end.
 */
export function lockFolder(path: string, patienceMs = 0): Disposable {
  const database = new DatabaseSync(path, { timeout: patienceMs });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
    const SQLITE_BUSY = 5;
    if (code !== SQLITE_BUSY) throw error;
    throw new FolderInUseError(
      'Another Hradlo uses this data folder. Stop it first, or choose another folder: --data FOLDER.',
      { cause: error },
    );
  }
  return { [Symbol.dispose]: () => database.close() };
}
