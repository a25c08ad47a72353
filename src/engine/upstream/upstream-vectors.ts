import type { EmbeddingModel, RerankingModel } from '#contracts/index.ts';
import { AppError, type Digest } from '#core/index.ts';
import { EmbeddingsReply, RerankReply } from './completion-chunk-schema.ts';
import type { UpstreamClient } from './upstream-client.ts';

const MAX_REPLY_BYTES = 64 * 1024 * 1024;

interface Facts {
  readonly client: UpstreamClient;
  readonly path: string;
  readonly name: string;
  readonly upstreamModel: string;
  /** Digest of engine, model and dimensions: vectors of different digests never meet. */
  readonly digest: Digest;
}

function inOrder<Item extends { readonly index: number }>(
  items: readonly Item[],
  count: number,
  engine: string,
): Item[] {
  const byIndex = new Map(items.map((item) => [item.index, item]));
  const ordered = Array.from({ length: count }, (_empty, index) => byIndex.get(index));
  return ordered.map((item) => {
    if (item === undefined)
      throw new AppError('engine.unavailable', `The engine "${engine}" left some texts out.`);
    return item;
  });
}

function normalise(vector: readonly number[], dimensions: number, engine: string): Float32Array {
  const length = Math.hypot(...vector);
  if (vector.length !== dimensions || !Number.isFinite(length) || length === 0) {
    throw new AppError('engine.unavailable', `The engine "${engine}" sent a vector that is not one.`);
  }
  return Float32Array.from(vector, (value) => value / length);
}

/** Vectors from another engine, L2-normalised here whatever it sends. */
export function createUpstreamEmbeddingModel(
  facts: Facts & { readonly dimensions: number; readonly maxInputTokens: number },
): EmbeddingModel {
  const { client, path, name, upstreamModel, digest, dimensions, maxInputTokens } = facts;
  return {
    name,
    digest,
    dimensions,
    maxInputTokens,
    async embed(texts, { signal = new AbortController().signal }) {
      if (texts.length === 0) return [];
      const payload = { model: upstreamModel, input: texts, encoding_format: 'float' };
      const reply = EmbeddingsReply.safeParse(
        await client.postJson(path, payload, { signal, maxBytes: MAX_REPLY_BYTES }),
      );
      if (!reply.success)
        throw new AppError('engine.unavailable', `The engine "${client.name}" sent no vectors.`);
      return inOrder(reply.data.data, texts.length, client.name).map(({ embedding }) =>
        normalise(embedding, dimensions, client.name),
      );
    },
  };
}

/** Relevance from another engine, brought to 0 to 1 by the logistic function where it sends raw scores. */
export function createUpstreamRerankingModel({
  client,
  path,
  name,
  upstreamModel,
  digest,
}: Facts): RerankingModel {
  return {
    name,
    digest,
    async rerank(query, documents, signal = new AbortController().signal) {
      if (documents.length === 0) return [];
      const payload = { model: upstreamModel, query, documents };
      const reply = RerankReply.safeParse(
        await client.postJson(path, payload, { signal, maxBytes: MAX_REPLY_BYTES }),
      );
      if (!reply.success)
        throw new AppError('engine.unavailable', `The engine "${client.name}" sent no scores.`);
      const scores = inOrder(reply.data.results, documents.length, client.name).map(
        (result) => result.relevance_score,
      );
      const isShare = scores.every((score) => score >= 0 && score <= 1);
      return isShare ? scores : scores.map((score) => 1 / (1 + Math.exp(-score)));
    },
  };
}
