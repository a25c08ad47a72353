import type { Principal } from '#core/index.ts';
import {
  EmbeddingsRequest,
  RerankRequest,
  toDocuments,
  toEmbeddings,
  toRanking,
  toTexts,
} from '#wire/openai/index.ts';
import { defineRoute, type Route } from '../route.ts';

/** Who asks which encoder; the signal aborts when they hang up. */
export interface EncoderCall {
  readonly principal: Principal;
  readonly model: string;
  readonly signal: AbortSignal;
}

export interface EncoderRouteDeps {
  embed(
    call: EncoderCall,
    texts: readonly string[],
    purpose: 'query' | 'document',
  ): Promise<{ readonly vectors: readonly Float32Array[]; readonly inputTokens: number }>;
  rerank(
    call: EncoderCall,
    query: string,
    documents: readonly string[],
  ): Promise<{ readonly scores: readonly number[]; readonly inputTokens: number }>;
}

/** POST /v1/embeddings and /v1/rerank: what encoders make of texts that the caller brings. */
export function encoderRoutes(deps: EncoderRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/embeddings',
      permission: 'ask',
      summary: 'Vectors of texts, at length one.',
      body: EmbeddingsRequest,
      async handle({ principal, body, signal }) {
        const call = { principal, model: body.model, signal };
        const made = await deps.embed(call, toTexts(body), body.input_type);
        return { kind: 'json', body: toEmbeddings(body, made) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/rerank',
      permission: 'ask',
      summary: 'How relevant texts are to a question, from 0 to 1, the most relevant first.',
      body: RerankRequest,
      async handle({ principal, body, signal }) {
        const call = { principal, model: body.model, signal };
        return {
          kind: 'json',
          body: toRanking(body, await deps.rerank(call, body.query, toDocuments(body))),
        };
      },
    }),
  ];
}
