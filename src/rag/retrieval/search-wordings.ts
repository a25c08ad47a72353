import type { Hit, RetrievalQuery } from '#contracts/index.ts';
import type { EmbeddingUse, QuestionReader } from './question-reader.ts';

interface IndexDeps {
  readonly index: Pick<QuestionReader, 'search'>;
  readerFor?(text: string): Promise<QuestionReader>;
}

/** A question that is looked for in all its wordings; the text of a query is left aside for them. */
export interface WordedSearch {
  /** Whose vectors the question was looked for by, where the index says so. */
  readonly embedding: EmbeddingUse | undefined;
  search(query: RetrievalQuery): Promise<readonly Hit[]>;
}

/**
 * Looks for a question in several wordings. A passage has the score of the wording that finds it best: scores are shares
 * of what a question could get, so that those of two wordings compare. Its signals say which, as `wording`: its place in
 * `texts`, where it is not the first. Equal scores by row.
 * @param texts the question, then its other wordings.
 */
export async function searchWordings(
  { index, readerFor }: IndexDeps,
  texts: readonly [string, ...string[]],
): Promise<WordedSearch> {
  const readers = await Promise.all(texts.map(async (text) => ({ text, reader: await readerFor?.(text) })));
  const embedding = readers[0]?.reader?.embedding;
  const searchOne = (place: number, query: RetrievalQuery): Promise<readonly Hit[]> => {
    const { text, reader } = readers[place]!;
    return (reader ?? index).search({ ...query, text });
  };
  if (texts.length === 1) return { embedding, search: (query) => searchOne(0, query) };
  return {
    embedding,
    async search(query) {
      const found = await Promise.all(texts.map((_, place) => searchOne(place, query)));
      return merge(found).slice(0, query.limit);
    },
  };
}

function merge(found: readonly (readonly Hit[])[]): Hit[] {
  const best = new Map<number, Hit>();
  for (const [wording, hits] of found.entries()) {
    for (const hit of hits) {
      const known = best.get(hit.row);
      if (known !== undefined && known.score >= hit.score) continue;
      best.set(hit.row, wording === 0 ? hit : { ...hit, signals: { ...hit.signals, wording } });
    }
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score || a.row - b.row);
}
