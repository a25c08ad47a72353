import { AppError } from '#core/index.ts';
import type { ModelRouteDeps } from '#gateway/index.ts';
import type { ChangeModels, OfferLook, OfferModel } from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import type { EncodedSearch, EmbeddingStatus } from './encoded-search.ts';
import type { ModelEntryStatus } from './model-entry.ts';
import type { ModelLibrary } from './model-library.ts';

/** What there is of models. */
export interface ServedModels {
  readonly library: ModelLibrary;
  readonly changeModels: ChangeModels;
  readonly encodedSearch: Pick<EncodedSearch, 'status'>;
  readonly offerModel: OfferModel;
}

/** What the routes of models need. */
export function createModelRouteDeps(
  parts: Parts,
  { library, changeModels, encodedSearch, offerModel }: ServedModels,
): ModelRouteDeps {
  return {
    changeModels,
    offer: () => ({ offer: offerModel.offer() ?? null }),
    find(name) {
      const status = library.status(name);
      if (status === undefined) throw new AppError('model.not_found', `No model is called "${name}".`);
      return toModel(status);
    },
    lookAtOffer: async (signal) => toLook(await offerModel.look(signal)),
    async list() {
      const aliases = await parts.modelStore.listAliases();
      const engines = await parts.modelStore.listEngines();
      return {
        answerModel: library.chosen('answer') ?? null,
        embeddingModel: library.chosen('embedding') ?? null,
        rerankingModel: library.chosen('reranking') ?? null,
        embedding: toEmbedding(await encodedSearch.status()),
        models: library.statuses().map(toModel),
        aliases: [...aliases].map(([alias, targets]) => ({ alias, targets: [...targets] })),
        engines: engines.map(({ name, kind, url }) => ({ name, kind, url })),
      };
    },
  };
}

function toModel({ reason, memoryBytes, loadedRatio, stats, ...model }: ModelEntryStatus) {
  return {
    ...model,
    reason: reason ?? null,
    memoryBytes: memoryBytes ?? null,
    loadedRatio: loadedRatio ?? null,
    stats: stats ?? null,
  };
}

function toEmbedding({ done, total, reason, ...status }: EmbeddingStatus) {
  return { ...status, done: done ?? null, total: total ?? null, reason: reason ?? null };
}

function toLook(look: OfferLook) {
  if (!look.isReachable)
    return { reachable: false, reason: look.reason, sizeBytes: null, licence: null, seconds: null };
  const { sizeBytes, licence, seconds } = look;
  return { reachable: true, reason: null, sizeBytes, licence: licence ?? null, seconds };
}
