import { encoderRoutes, type Route } from '#gateway/index.ts';
import { encodeTexts, type EncodeTextsDeps } from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import type { ModelLibrary } from './model-library.ts';

/** The routes of encoders: those that run here by their names. */
export function createEncoderRoutes(parts: Parts, library: ModelLibrary): Route[] {
  const deps: EncodeTextsDeps = {
    limits: parts.limits,
    prices: parts.limitStore,
    onSettled: (name, inputTokens, outputTokens) =>
      parts.metrics.countTokens(name, inputTokens, outputTokens),
  };
  return encoderRoutes({
    embed: ({ principal, model, signal }, texts, purpose) =>
      encodeTexts(
        deps,
        { principal, model, texts },
        {
          encoder: library.embeddingModel(model),
          unloaded: library.unloadedBehind(model),
          run: (encoder) => encoder.embedAndCount(texts, { purpose, signal }),
        },
      ),
    rerank: ({ principal, model, signal }, query, documents) =>
      encodeTexts(
        deps,
        { principal, model, texts: [...documents, ...documents.map(() => query)] },
        {
          encoder: library.rerankingModel(model),
          unloaded: library.unloadedBehind(model),
          run: (encoder) => encoder.rerankAndCount(query, documents, signal),
        },
      ),
  });
}
