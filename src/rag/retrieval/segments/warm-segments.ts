import { warmed } from './cold-file.ts';
import type { Segment } from './segment.ts';

/** Bytes of cold segments that stay in the memory of a searching thread after the question that needed them. */
const KEPT_BYTES = 128 << 20;

/**
 * Cold segments that questions needed: read whole when one does, and kept for the next while there is room, those used
 * last first. What one question needs is there together, whatever it takes.
 */
export class WarmSegments {
  readonly #keptBytes: number;
  /** Oldest use first. */
  readonly #warm = new Map<string, Segment>();

  constructor(keptBytes = KEPT_BYTES) {
    this.#keptBytes = keptBytes;
  }

  /** The segment with all of its columns. */
  take(segment: Segment): Segment {
    if (segment.cold === undefined) return segment;
    const warm = this.#warm.get(segment.id) ?? warmed(segment);
    this.#warm.delete(segment.id);
    this.#warm.set(segment.id, warm);
    return warm;
  }

  /** Lets go of what is beyond the room, after a question. */
  trim(): void {
    let bytes = 0;
    for (const { id, bytes: own } of [...this.#warm.values()].toReversed()) {
      bytes += own.sizeBytes;
      if (bytes > this.#keptBytes) this.#warm.delete(id);
    }
  }

  /** Lets go of segments that no view has any more: what was erased stays in no memory. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#warm.keys()) if (!ids.has(id)) this.#warm.delete(id);
  }
}
