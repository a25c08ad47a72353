import type { ModelRouteDeps } from '#gateway/index.ts';
import type { ChangeModels } from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import type { ModelLibrary } from './model-library.ts';

/** What the routes of models need. */
export function createModelRouteDeps(
  parts: Parts,
  served: { readonly library: ModelLibrary; readonly changeModels: ChangeModels },
): ModelRouteDeps {
  const { library, changeModels } = served;
  return {
    changeModels,
    async list() {
      const aliases = await parts.modelStore.listAliases();
      const engines = await parts.modelStore.listEngines();
      return {
        answerModel: library.chosen('answer') ?? null,
        embeddingModel: library.chosen('embedding') ?? null,
        rerankingModel: library.chosen('reranking') ?? null,
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
