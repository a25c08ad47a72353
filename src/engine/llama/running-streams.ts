import type { BatchStream } from './batch-stream.ts';
import type { Lane } from './prefix-cache.ts';

/** How many streams may run at once. */
export interface StreamLimits {
  readonly streams: number;
  /** More that may run for tenants that have had little while the others fill the rest. */
  readonly spareStreams: number;
}

/** The streams that run. */
export class RunningStreams {
  readonly #limits: StreamLimits;
  readonly #streams = new Map<string, BatchStream>();

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** In the order in which they began; streams may be removed while one goes through them. */
  get all(): readonly BatchStream[] {
    return [...this.#streams.values()];
  }

  get(id: string): BatchStream | undefined {
    return this.#streams.get(id);
  }

  add(stream: BatchStream): void {
    this.#streams.set(stream.id, stream);
  }

  remove(stream: BatchStream): void {
    this.#streams.delete(stream.id);
  }

  /** Where one more may run; undefined when nowhere. */
  get freeLane(): Lane | undefined {
    const spare = this.all.filter(({ lane }) => lane === 'spare').length;
    if (this.size - spare < this.#limits.streams) return 'usual';
    return spare < this.#limits.spareStreams ? 'spare' : undefined;
  }

  /** Most cells that they may come to need. */
  get reservedTokens(): number {
    return this.all.reduce((sum, stream) => sum + stream.reservedTokens, 0);
  }

  /** Cells that they have filled. */
  get cells(): number {
    return this.all.reduce((sum, stream) => sum + stream.cells, 0);
  }
}
