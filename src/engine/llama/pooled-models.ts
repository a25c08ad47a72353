import { AppError, type Digest } from '#core/index.ts';
import type { EmbeddingModel, RerankingModel } from '#contracts/index.ts';
import type { FromChild } from './protocol-schema.ts';
import type { ModelSupervisor, RequestMessage } from './supervisor.ts';

export interface PooledModelDeps {
  readonly supervisor: Pick<ModelSupervisor, 'request' | 'abort'>;
  readonly newRequestId: () => string;
}

export interface PooledModelFacts {
  readonly name: string;
  readonly digest: Digest;
  readonly dimensions: number;
  readonly maxInputTokens: number;
}

/** An embedding model that also says how many tokens it read. */
export interface CountingEmbeddingModel extends EmbeddingModel {
  embedAndCount(
    ...input: Parameters<EmbeddingModel['embed']>
  ): Promise<{ readonly vectors: readonly Float32Array[]; readonly inputTokens: number }>;
}

/** A reranking model that also says how many tokens it read. */
export interface CountingRerankingModel extends RerankingModel {
  rerankAndCount(
    ...input: Parameters<RerankingModel['rerank']>
  ): Promise<{ readonly scores: readonly number[]; readonly inputTokens: number }>;
}

/** Vectors from an encoder that runs here. Questions overtake documents. */
export function createLlamaEmbeddingModel(
  deps: PooledModelDeps,
  facts: PooledModelFacts,
): CountingEmbeddingModel {
  const embedAndCount: CountingEmbeddingModel['embedAndCount'] = async (texts, { signal, purpose }) => {
    if (texts.length === 0) return { vectors: [], inputTokens: 0 };
    const id = deps.newRequestId();
    const message = await ask(
      deps,
      { type: 'embed', id, texts: [...texts], isUrgent: purpose === 'query' },
      signal,
    );
    if (message.type !== 'vectors' || message.vectors.length !== texts.length) throw notServed();
    return message;
  };
  return { ...facts, embedAndCount, embed: async (...input) => (await embedAndCount(...input)).vectors };
}

/** Relevance from a reranking model that runs here. */
export function createLlamaRerankingModel(
  deps: PooledModelDeps,
  { name, digest }: PooledModelFacts,
): CountingRerankingModel {
  const rerankAndCount: CountingRerankingModel['rerankAndCount'] = async (query, documents, signal) => {
    if (documents.length === 0) return { scores: [], inputTokens: 0 };
    const id = deps.newRequestId();
    const message = await ask(deps, { type: 'rerank', id, query, documents: [...documents] }, signal);
    if (message.type !== 'scores' || message.scores.length !== documents.length) throw notServed();
    return message;
  };
  return {
    name,
    digest,
    rerankAndCount,
    rerank: async (...input) => (await rerankAndCount(...input)).scores,
  };
}

/** One message out, one message back. An abort ends the wait; what has not been computed yet is dropped. */
function ask(
  deps: PooledModelDeps,
  request: RequestMessage,
  signal: AbortSignal | undefined,
): Promise<FromChild> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<FromChild>();
  const abort = () => {
    deps.supervisor.abort(request.id);
    reject(signal?.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  deps.supervisor.request(request, { onMessage: resolve, onFailure: reject });
  return promise.finally(() => signal?.removeEventListener('abort', abort));
}

function notServed(): AppError {
  return new AppError('engine.unavailable', 'The model could not serve this request.');
}
