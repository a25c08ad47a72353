import type { ModelRouteDeps } from '#gateway/index.ts';
import type { ChangeModels } from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import type { EncodedSearch, EmbeddingStatus } from './encoded-search.ts';
import type { ModelLibrary } from './model-library.ts';

/** What the routes of models need. */
export function createModelRouteDeps(
  parts: Parts,
  served: {
    readonly library: ModelLibrary;
    readonly changeModels: ChangeModels;
    readonly encodedSearch: Pick<EncodedSearch, 'status'>;
  },
): ModelRouteDeps {
  const { library, changeModels, encodedSearch } = served;
  return {
    changeModels,
    async list() {
      const aliases = await parts.modelStore.listAliases();
      const engines = await parts.modelStore.listEngines();
      return {
        answerModel: library.chosen('answer') ?? null,
        embeddingModel: library.chosen('embedding') ?? null,
        rerankingModel: library.chosen('reranking') ?? null,
        embedding: toEmbedding(await encodedSearch.status()),
        models: library.status().map((model) => ({
          ...model,
          reason: model.reason ?? null,
          memoryBytes: model.memoryBytes ?? null,
          loadedRatio: model.loadedRatio ?? null,
          stats: model.stats === undefined ? null : { ...model.stats },
        })),
        aliases: [...aliases].map(([alias, targets]) => ({ alias, targets: [...targets] })),
        engines: engines.map(({ name, kind, url }) => ({ name, kind, url })),
      };
    },
  };
}

function toEmbedding({ done, total, reason, ...status }: EmbeddingStatus) {
  return { ...status, done: done ?? null, total: total ?? null, reason: reason ?? null };
}
