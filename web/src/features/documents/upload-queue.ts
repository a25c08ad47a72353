import type { PickedFile } from './picked-files.ts';

/** A file on its way to the server. */
export interface Sending {
  readonly id: number;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly state: 'waiting' | 'sending' | 'failed';
  readonly error: unknown;
}

/** What is under way: files that are not there yet, and how many of those that were added are. */
export interface Batch {
  readonly files: readonly Sending[];
  readonly done: number;
}

interface Work {
  readonly picked: PickedFile;
  readonly stop: AbortController;
}

export interface UploadDeps {
  send(
    picked: PickedFile,
    sent: { readonly signal: AbortSignal; onProgress(sentBytes: number): void },
  ): Promise<unknown>;
  /** A file is there; not told more than some times a second. */
  onArrived(): void;
  /** Runs `work` after a while. */
  later(work: () => void): void;
}

/** Sent side by side: small files would wait for each other's answers. */
const AT_ONCE = 3;
const NOTHING: Batch = { files: [], done: 0 };

/** Sends files, some at a time; each can be cancelled and tried again. It outlives the view that shows it. */
export class UploadQueue {
  readonly #deps: UploadDeps;
  readonly #listeners = new Set<() => void>();
  readonly #work = new Map<number, Work>();
  #batch = NOTHING;
  #lastId = 0;
  #isTelling = false;

  constructor(deps: UploadDeps) {
    this.#deps = deps;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Batch => this.#batch;

  add(all: readonly PickedFile[]): void {
    const added = all.map((picked): Sending => {
      this.#lastId += 1;
      this.#work.set(this.#lastId, { picked, stop: new AbortController() });
      const sizeBytes = picked.file.size + (picked.sidecar?.size ?? 0);
      return {
        id: this.#lastId,
        path: picked.path,
        sizeBytes,
        sentBytes: 0,
        state: 'waiting',
        error: undefined,
      };
    });
    this.#set([...this.#batch.files, ...added]);
    this.#fill();
  }

  /** Takes a file off the queue, whatever became of it; one that is on its way stops. */
  cancel(id: number): void {
    this.#work.get(id)?.stop.abort();
    this.#forget(id);
    this.#fill();
  }

  cancelAll(): void {
    for (const { stop } of this.#work.values()) stop.abort();
    this.#work.clear();
    this.#set([]);
  }

  /** Tries again what failed: one file, or all of them. */
  retry(id?: number): void {
    const isMeant = (one: Sending) => one.state === 'failed' && (id === undefined || one.id === id);
    const again = { state: 'waiting', sentBytes: 0, error: undefined } as const;
    this.#set(this.#batch.files.map((one) => (isMeant(one) ? { ...one, ...again } : one)));
    this.#fill();
  }

  #fill(): void {
    const free = AT_ONCE - this.#batch.files.filter(({ state }) => state === 'sending').length;
    const next = this.#batch.files.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free));
    for (const { id } of next) void this.#send(id);
  }

  async #send(id: number): Promise<void> {
    const work = this.#work.get(id);
    if (work === undefined) return;
    const { signal } = work.stop;
    this.#change(id, { state: 'sending' });
    try {
      const onProgress = (sentBytes: number) => this.#change(id, { sentBytes });
      await this.#deps.send(work.picked, { signal, onProgress });
      this.#forget(id, this.#batch.done + 1);
      this.#arrived();
    } catch (error) {
      // What was cancelled is forgotten already.
      this.#change(id, { state: 'failed', error });
    }
    this.#fill();
  }

  #arrived(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#deps.later(() => {
      this.#isTelling = false;
      this.#deps.onArrived();
    });
  }

  #change(id: number, part: Partial<Sending>): void {
    if (!this.#batch.files.some((one) => one.id === id)) return;
    this.#set(this.#batch.files.map((one) => (one.id === id ? { ...one, ...part } : one)));
  }

  #forget(id: number, done = this.#batch.done): void {
    this.#work.delete(id);
    this.#set(
      this.#batch.files.filter((one) => one.id !== id),
      done,
    );
  }

  #set(files: readonly Sending[], done = this.#batch.done): void {
    this.#batch = files.length === 0 ? NOTHING : { files, done };
    for (const listener of this.#listeners) listener();
  }
}
