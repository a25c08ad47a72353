/** One of the best rows by one signal. `segment` is its place in the view, `local` its row in that segment. */
export interface RankedRow {
  readonly row: number;
  readonly score: number;
  readonly segment: number;
  readonly local: number;
}

/**
 * The best rows seen so far: by score, and by chunk row where scores are equal, so that the choice does not depend
 * on the order in which rows come or on how they lie in segments.
 */
export class TopRows {
  readonly #limit: number;
  /** A heap with the worst on top. */
  readonly #heap: RankedRow[] = [];
  /** No row below this can enter. */
  floor = -Infinity;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(candidate: RankedRow): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(candidate);
      this.#siftUp(heap.length - 1);
    } else if (heap.length > 0 && isBetter(candidate, heap[0]!)) {
      heap[0] = candidate;
      this.#siftDown();
    }
    if (heap.length === this.#limit && heap.length > 0) this.floor = heap[0]!.score;
  }

  /** Best first. */
  ranked(): RankedRow[] {
    return this.#heap.toSorted(compareRanked);
  }

  entries(): readonly RankedRow[] {
    return this.#heap;
  }

  #siftUp(from: number): void {
    const heap = this.#heap;
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >>> 1;
      if (!isBetter(heap[parent]!, heap[child]!)) return;
      [heap[parent], heap[child]] = [heap[child]!, heap[parent]!];
      child = parent;
    }
  }

  #siftDown(): void {
    const heap = this.#heap;
    let parent = 0;
    for (;;) {
      let child = parent * 2 + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && isBetter(heap[child]!, heap[child + 1]!)) child += 1;
      if (!isBetter(heap[parent]!, heap[child]!)) return;
      [heap[parent], heap[child]] = [heap[child]!, heap[parent]!];
      parent = child;
    }
  }
}

const isBetter = (a: RankedRow, b: RankedRow): boolean =>
  a.score > b.score || (a.score === b.score && a.row < b.row);

/** Best first; equal scores by row. */
export const compareRanked = (a: RankedRow, b: RankedRow): number => b.score - a.score || a.row - b.row;
