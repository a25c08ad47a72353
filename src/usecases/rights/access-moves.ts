import type { Clock } from '#contracts/index.ts';
import type { DocumentId } from '#core/index.ts';
import { KeyedLock } from '../documents/keyed-lock.ts';

/** A search takes less: one that began before a move ended has its texts by then. */
const SEARCH_MS = 10_000;
const MAX_ENDED = 10_000;

/**
 * Documents whose access sets are being changed. Between the commit and the index's hearing of it the index goes
 * by the old set and the database by the new one: what the second check of rights then drops is no fault of the
 * first, and no alarm. One change of a document at a time.
 */
export class AccessMoves {
  readonly #clock: Clock;
  readonly #lock = new KeyedLock();
  readonly #active = new Map<DocumentId, number>();
  readonly #endedAtMs = new Map<DocumentId, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs a change of a document's access sets, from before it is written until the index knows. */
  async during<Result>(documentId: DocumentId, work: () => Promise<Result>): Promise<Result> {
    this.#active.set(documentId, (this.#active.get(documentId) ?? 0) + 1);
    try {
      return await this.#lock.run(documentId, work);
    } finally {
      const left = (this.#active.get(documentId) ?? 1) - 1;
      if (left > 0) this.#active.set(documentId, left);
      else this.#active.delete(documentId);
      // Written anew, so that the map's order is that of the last change and the oldest goes first.
      this.#endedAtMs.delete(documentId);
      this.#endedAtMs.set(documentId, this.#clock.monotonicMs());
      const [oldest] = this.#endedAtMs.keys();
      if (this.#endedAtMs.size > MAX_ENDED && oldest !== undefined) this.#endedAtMs.delete(oldest);
    }
  }

  /** Whether a search that is under way may have seen the document as it was before. */
  isRecent(documentId: DocumentId): boolean {
    if (this.#active.has(documentId)) return true;
    const endedAtMs = this.#endedAtMs.get(documentId);
    return endedAtMs !== undefined && this.#clock.monotonicMs() - endedAtMs < SEARCH_MS;
  }
}
