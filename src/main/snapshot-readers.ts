import type { RetrievalIndex, RetrievalReader } from '#contracts/index.ts';

type OpenReader = RetrievalReader & AsyncDisposable;

interface Held {
  readonly reader: Promise<OpenReader>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** Opening checks every byte: one that was used stays open for so long. */
const IDLE_MS = 60_000;

/** Snapshots that are being read: loaded when they are asked for, together for all who ask, and let go after a while. */
export class SnapshotReaders implements AsyncDisposable {
  readonly #index: Pick<RetrievalIndex, 'open'>;
  readonly #held = new Map<string, Held>();

  constructor(index: Pick<RetrievalIndex, 'open'>) {
    this.#index = index;
  }

  /** Does some work over a snapshot. @throws {AppError} `storage.damaged` when it is not there or not whole. */
  async use<Result>(id: string, work: (reader: RetrievalReader) => Promise<Result>): Promise<Result> {
    const held = this.#held.get(id) ?? this.#open(id);
    clearTimeout(held.timer);
    held.users += 1;
    try {
      return await work(await held.reader);
    } finally {
      held.users -= 1;
      if (held.users === 0) held.timer = setTimeout(() => void this.#close(id), IDLE_MS).unref();
    }
  }

  #open(id: string): Held {
    const held: Held = { reader: this.#index.open(id), users: 0, timer: undefined };
    this.#held.set(id, held);
    // One that did not open is tried anew by the next who asks.
    held.reader.catch(() => this.#held.delete(id));
    return held;
  }

  async #close(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held === undefined || held.users > 0) return;
    this.#held.delete(id);
    clearTimeout(held.timer);
    const reader = await held.reader.catch(() => undefined);
    await reader?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held.keys()].map((id) => this.#close(id)));
  }
}
