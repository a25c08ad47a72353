import type { DatabaseSync } from 'node:sqlite';
import { checkpoint, cutLog, LogSpool } from '#platform/index.ts';
import type { LogState, LogTask, WriterOptions } from './writer-protocol.ts';

const CHECKPOINT_PAGES = 1_000;
/** Held by a copy for this long, the log is put into the database again: a copy that died must not fill the disk. */
const HELD_PAGES = 250_000;

/** The database's log in the writer's hands: when it goes into the database file, and what is copied before. */
export class LogKeeper {
  readonly #database: DatabaseSync;
  readonly #spool: LogSpool | undefined;
  #isHeld = false;

  constructor(database: DatabaseSync, { path, spoolFolder }: Pick<WriterOptions, 'path' | 'spoolFolder'>) {
    this.#database = database;
    this.#spool = spoolFolder === undefined ? undefined : new LogSpool(spoolFolder, path);
  }

  get state(): LogState {
    return { sequence: this.#spool?.sequence ?? 0, isBroken: this.#spool?.isBroken ?? false };
  }

  /** A commit was made now. */
  note(): void {
    this.#spool?.note(Date.now());
  }

  checkpointIfLong(): void {
    const isTooLong = checkpoint(this.#database, this.#isHeld ? HELD_PAGES : CHECKPOINT_PAGES, () =>
      this.#spool?.spool(),
    );
    if (isTooLong) this.#isHeld = false;
  }

  do(task: LogTask): void {
    this.#spool?.spool();
    if (task === 'purge') cutLog(this.#database);
    if (task === 'hold') {
      cutLog(this.#database);
      this.#spool?.begin();
      this.#isHeld = true;
    }
    if (task === 'release') this.#isHeld = false;
  }

  /** Puts the whole log into the database file, for a clean end. */
  end(): void {
    this.#spool?.spool();
    try {
      cutLog(this.#database);
    } catch {
      // A reader still stands in the log: it stays, and the next start goes on from it.
      return;
    }
    this.#spool?.end();
  }
}
