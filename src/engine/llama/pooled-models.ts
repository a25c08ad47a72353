import { AppError, type Digest } from '#core/index.ts';
import type { EmbeddingModel, RerankingModel } from '#contracts/index.ts';
import type { FromChild } from './protocol-schema.ts';
import type { ModelSupervisor, RequestMessage } from './supervisor.ts';

export interface PooledModelDeps {
  readonly supervisor: Pick<ModelSupervisor, 'request'>;
  readonly newRequestId: () => string;
}

export interface PooledModelFacts {
  readonly name: string;
  readonly digest: Digest;
  readonly dimensions: number;
  readonly maxInputTokens: number;
}

/** Vectors from an encoder that runs here. */
export function createLlamaEmbeddingModel(deps: PooledModelDeps, facts: PooledModelFacts): EmbeddingModel {
  return {
    ...facts,
    embed: async (texts, { signal }) => {
      if (texts.length === 0) return [];
      const id = deps.newRequestId();
      const message = await ask(deps, { type: 'embed', id, texts: [...texts] }, signal);
      if (message.type !== 'vectors' || message.vectors.length !== texts.length) throw notServed();
      return message.vectors;
    },
  };
}

/** Relevance from a reranking model that runs here. */
export function createLlamaRerankingModel(deps: PooledModelDeps, facts: PooledModelFacts): RerankingModel {
  return {
    name: facts.name,
    digest: facts.digest,
    rerank: async (query, documents, signal) => {
      if (documents.length === 0) return [];
      const id = deps.newRequestId();
      const message = await ask(deps, { type: 'rerank', id, query, documents: [...documents] }, signal);
      if (message.type !== 'scores' || message.scores.length !== documents.length) throw notServed();
      return message.scores;
    },
  };
}

/** One message out, one message back. An abort ends the wait; the batch in progress is finished and dropped. */
function ask(
  deps: PooledModelDeps,
  request: RequestMessage,
  signal: AbortSignal | undefined,
): Promise<FromChild> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<FromChild>();
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  deps.supervisor.request(request, { onMessage: resolve, onFailure: reject });
  return promise.finally(() => signal?.removeEventListener('abort', abort));
}

function notServed(): AppError {
  return new AppError('engine.unavailable', 'The model could not serve this request.');
}
