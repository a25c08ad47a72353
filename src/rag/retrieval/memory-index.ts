import type { Hit, IndexedChunk, IndexOperation, RetrievalIndex, RetrievalQuery } from '#contracts/index.ts';
import { mayRead, type ChunkRow } from '#core/index.ts';
import { toTerms } from './terms.ts';

const K1 = 1.2;
const B = 0.75;
/** Words of the headings and the title count this often. */
const TITLE_WEIGHT = 2;

interface Entry {
  readonly chunk: IndexedChunk;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

function toEntry(chunk: IndexedChunk): Entry {
  const counts = new Map<string, number>();
  const titles = toTerms([chunk.title, ...chunk.headingPath].join(' '));
  const terms = [...toTerms(chunk.text), ...Array.from({ length: TITLE_WEIGHT }, () => titles).flat()];
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return { chunk, counts, length: terms.length };
}

/**
 * BM25 by looking at every visible chunk: slow beyond some thousands, and plainly right, so it is the oracle of
 * faster ones. N, document frequency and average length are counted over the visible chunks of each query.
 * @see Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
 */
export class MemoryIndex implements RetrievalIndex {
  readonly #entries = new Map<ChunkRow, Entry>();

  async apply(operations: readonly IndexOperation[]): Promise<void> {
    for (const operation of operations) {
      if (operation.type === 'add') {
        for (const chunk of operation.chunks) this.#entries.set(chunk.row, toEntry(chunk));
        continue;
      }
      for (const row of operation.rows) this.#change(row, operation);
    }
  }

  #change(row: ChunkRow, operation: Exclude<IndexOperation, { type: 'add' }>): void {
    const entry = this.#entries.get(row);
    if (entry === undefined) return;
    if (operation.type === 'remove') this.#entries.delete(row);
    else if (operation.type === 'reassign') {
      this.#entries.set(row, { ...entry, chunk: { ...entry.chunk, aclSet: operation.aclSet } });
    } else {
      const { validToMs, recordedToMs } = operation;
      this.#entries.set(row, { ...entry, chunk: { ...entry.chunk, validToMs, recordedToMs } });
    }
  }

  async search(query: RetrievalQuery): Promise<readonly Hit[]> {
    const visible = [...this.#entries.values()].filter((entry) => isVisible(entry.chunk, query));
    const terms = [...new Set(toTerms(query.text))];
    const averageLength = visible.reduce((sum, entry) => sum + entry.length, 0) / Math.max(visible.length, 1);
    const idf = terms.map((term) => {
      const frequency = visible.filter((entry) => entry.counts.has(term)).length;
      return Math.log(1 + (visible.length - frequency + 0.5) / (frequency + 0.5));
    });
    return visible
      .map((entry) => {
        const norm = K1 * (1 - B + (B * entry.length) / averageLength);
        const bm25 = terms.reduce((sum, term, index) => {
          const count = entry.counts.get(term) ?? 0;
          return sum + (idf[index]! * count * (K1 + 1)) / (count + norm);
        }, 0);
        return { row: entry.chunk.row, score: bm25, signals: { bm25 } };
      })
      .filter((hit) => hit.score > 0)
      .toSorted((a, b) => b.score - a.score || a.row - b.row)
      .slice(0, query.limit);
  }

  async stats(): Promise<{ chunks: number; bytes: number }> {
    const bytes = [...this.#entries.values()].reduce((sum, entry) => sum + entry.chunk.text.length * 2, 0);
    return { chunks: this.#entries.size, bytes };
  }
}

function isVisible(chunk: IndexedChunk, query: RetrievalQuery): boolean {
  return (
    mayRead(query.access, chunk.aclSet, chunk.collectionId) &&
    chunk.validFromMs <= query.validAtMs &&
    query.validAtMs < chunk.validToMs &&
    chunk.recordedFromMs <= query.recordedAtMs &&
    query.recordedAtMs < chunk.recordedToMs
  );
}
