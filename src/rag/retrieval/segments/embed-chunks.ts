import type { EmbeddingModel, IndexedChunk, RetrievalQuery } from '#contracts/index.ts';

/** What a chunk says, with the headings that say what it is about: the text that its vector is of. */
export function embeddedTextOf({ title, headingPath, text }: IndexedChunk): string {
  return [...new Set([title, ...headingPath]), text].join('\n');
}

/** The chunks with embeddings; those that have one keep it. */
export async function embedChunks(
  model: EmbeddingModel | undefined,
  chunks: readonly IndexedChunk[],
): Promise<readonly IndexedChunk[]> {
  if (model === undefined) return chunks;
  const bare = chunks.filter(({ vector }) => vector === undefined);
  const vectors = new Map<IndexedChunk, Float32Array>();
  for (const language of new Set(bare.map((chunk) => chunk.language))) {
    const own = bare.filter((chunk) => chunk.language === language);
    const made = await model.embed(own.map(embeddedTextOf), { purpose: 'document', language });
    for (const [index, chunk] of own.entries()) {
      const vector = made[index];
      if (vector !== undefined) vectors.set(chunk, vector);
    }
  }
  return chunks.map((chunk) => {
    const vector = vectors.get(chunk);
    return vector === undefined ? chunk : { ...chunk, vector };
  });
}

/** The query with an embedding of its text, if it has none and a model is there. */
export async function embedQuery(
  model: EmbeddingModel | undefined,
  query: RetrievalQuery,
): Promise<RetrievalQuery> {
  if (model === undefined || query.vector !== undefined) return query;
  const [vector] = await model.embed([query.text], { purpose: 'query', language: query.language });
  return vector === undefined ? query : { ...query, vector };
}
