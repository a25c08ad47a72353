import { z } from 'zod';

const MAX_DOCUMENTS = 1_000;

/** The body of POST /v1/rerank, as Jina's and Cohere's clients and llama-server's send it. */
export const RerankRequest = z.looseObject({
  model: z.string().min(1).max(200),
  query: z.string().min(1),
  documents: z
    .array(z.union([z.string(), z.looseObject({ text: z.string() })]))
    .min(1)
    .max(MAX_DOCUMENTS),
  top_n: z.int().min(1).nullish(),
  return_documents: z.boolean().nullish(),
});
export type RerankRequest = z.infer<typeof RerankRequest>;

/** The texts to be judged. */
export function toDocuments({ documents }: RerankRequest): readonly string[] {
  return documents.map((document) => (typeof document === 'string' ? document : document.text));
}

/** The most relevant first; equal scores in the order of the documents. */
export function toRanking(
  request: RerankRequest,
  { scores, inputTokens }: { readonly scores: readonly number[]; readonly inputTokens: number },
): object {
  const texts = toDocuments(request);
  const results = scores
    .map((score, index) => ({
      index,
      relevance_score: score,
      ...(request.return_documents === true && { document: { text: texts[index] ?? '' } }),
    }))
    .toSorted((a, b) => b.relevance_score - a.relevance_score || a.index - b.index);
  return {
    object: 'list',
    model: request.model,
    results: results.slice(0, request.top_n ?? results.length),
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
}
