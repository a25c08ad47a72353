import type { Digest } from '#core/index.ts';

/** Scores documents against a query, 0 to 1, in the order of the documents; higher is more relevant. */
export interface RerankingModel {
  readonly name: string;
  readonly digest: Digest;
  rerank(query: string, documents: readonly string[], signal?: AbortSignal): Promise<readonly number[]>;
}
