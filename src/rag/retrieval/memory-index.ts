import type { Hit, IndexedChunk, IndexOperation, RetrievalIndex, RetrievalQuery } from '#contracts/index.ts';
import { mayRead, type ChunkRow } from '#core/index.ts';
import { textAnalyzer } from '../analysis/analyzer.ts';

const K1 = 1.2;
const B = 0.75;
/** Words of the headings and the title count this often. */
const TITLE_WEIGHT = 2;
const STEM_SHARE = 0.7;
const SPELLING_WEIGHT = { same: 0.2, other: 0.6 };

interface Field {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

interface Entry {
  readonly chunk: IndexedChunk;
  readonly stems: Field;
  readonly folded: Field;
  readonly grams: ReadonlySet<string>;
}

function toField(body: readonly string[], headings: readonly string[]): Field {
  const counts = new Map<string, number>();
  for (const term of body) counts.set(term, (counts.get(term) ?? 0) + 1);
  for (const term of headings) counts.set(term, (counts.get(term) ?? 0) + TITLE_WEIGHT);
  return { counts, length: body.length + TITLE_WEIGHT * headings.length };
}

function toEntry(chunk: IndexedChunk): Entry {
  const body = textAnalyzer.analyze(chunk.text, chunk.language, 'document');
  const titles = [...new Set([chunk.title, ...chunk.headingPath])].join('\n');
  const headings = textAnalyzer.analyze(titles, chunk.language, 'document');
  return {
    chunk,
    stems: toField(body.stems, headings.stems),
    folded: toField(body.folded, headings.folded),
    grams: new Set([...body.grams, ...headings.grams]),
  };
}

/** BM25 of every field as the share of the most it could give, 0 to 1. */
function shareOfBm25(fields: readonly Field[], terms: readonly string[]): number[] {
  const average = fields.reduce((sum, field) => sum + field.length, 0) / Math.max(fields.length, 1);
  const asked = toField(terms, []).counts;
  const weights = [...asked].map(([term, times]) => {
    const frequency = fields.filter((field) => field.counts.has(term)).length;
    return { term, weight: times * Math.log(1 + (fields.length - frequency + 0.5) / (frequency + 0.5)) };
  });
  const most = weights.reduce((sum, { weight }) => sum + weight, 0) || 1;
  return fields.map((field) => {
    const norm = K1 * (1 - B + (B * field.length) / average);
    const found = weights.reduce((sum, { term, weight }) => {
      const count = field.counts.get(term) ?? 0;
      return sum + (weight * count) / (count + norm);
    }, 0);
    return found / most;
  });
}

/** Cosine of the sets of grams, weighted by rarity. */
function spellingCosine(sets: readonly ReadonlySet<string>[], grams: ReadonlySet<string>): number[] {
  const frequency = new Map<string, number>();
  for (const set of sets) for (const gram of set) frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  const square = (gram: string): number =>
    Math.log((sets.length + 1) / ((frequency.get(gram) ?? 0) + 0.5)) ** 2;
  const length = (set: Iterable<string>): number =>
    Math.sqrt([...set].reduce((sum, gram) => sum + square(gram), 0));
  const own = length(grams);
  return sets.map((set) => {
    const shared = [...grams].reduce((sum, gram) => sum + (set.has(gram) ? square(gram) : 0), 0);
    return shared === 0 ? 0 : shared / (own * length(set));
  });
}

/**
 * Scores every visible chunk by the definition: slow beyond some thousands, and plainly right, so it is the oracle of
 * faster ones. All statistics are counted over the visible chunks of each query.
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
    const terms = textAnalyzer.analyze(query.text, query.language ?? 'cs', 'query');
    const stems = shareOfBm25(
      visible.map((entry) => entry.stems),
      terms.stems,
    );
    const folded = shareOfBm25(
      visible.map((entry) => entry.folded),
      terms.folded,
    );
    const spelt = spellingCosine(
      visible.map((entry) => entry.grams),
      new Set(terms.grams),
    );
    return visible
      .map(({ chunk }, index) => {
        const lexical = STEM_SHARE * stems[index]! + (1 - STEM_SHARE) * folded[index]!;
        const isSame = query.language === undefined || query.language === chunk.language;
        const spelling = spelt[index]!;
        const score = lexical + SPELLING_WEIGHT[isSame ? 'same' : 'other'] * spelling;
        return { row: chunk.row, score, signals: { lexical, spelling } };
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
