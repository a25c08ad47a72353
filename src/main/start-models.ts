import { availableParallelism, totalmem } from 'node:os';
import { freeBytes } from '#platform/index.ts';
import { ChangeModels, createAcquireModel, createExpireVectors, OfferModel } from '#usecases/index.ts';
import type { JobHandler } from '#contracts/index.ts';
import { AnswerRoutes } from './answer-routes.ts';
import type { Parts } from './compose.ts';
import { EncodedSearch } from './encoded-search.ts';
import { fetchApart } from './fetch-process.ts';
import { openHub } from './hub.ts';
import { ModelLibrary } from './model-library.ts';
import { modelFolder } from './start-local-model.ts';

/** What there is of models: those that run, the way to them, and the way to change them. */
export interface Models {
  readonly library: ModelLibrary;
  readonly routes: AnswerRoutes;
  readonly changeModels: ChangeModels;
  readonly encodedSearch: EncodedSearch;
  readonly offerModel: OfferModel;
  /** Jobs that bring models in and make their vectors. */
  readonly handlers: readonly JobHandler[];
  /** Jobs that the product gives itself. */
  readonly upkeep: readonly JobHandler[];
}

/** Starts the models that are registered or configured. One that is refused is logged and left out. */
export async function startModels(parts: Parts, stack: AsyncDisposableStack): Promise<Models> {
  const library = stack.use(new ModelLibrary(parts));
  const routes = new AnswerRoutes(parts, library);
  const encodedSearch = stack.use(new EncodedSearch(parts, library, () => routes.refresh()));
  const onChanged = async () => {
    await library.reload();
    await routes.refresh();
    await encodedSearch.refresh();
  };
  await onChanged();
  parts.metrics.watchEngine(() => library.engineStatus());
  const changeModels = new ChangeModels({
    ...parts,
    models: parts.modelStore,
    roleOf: (name) => library.roleOf(name),
    whereIs: (name) => library.status(name)?.where,
    onChanged,
  });
  const hub = openHub(parts.config.hub, stack);
  const offerModel = new OfferModel({
    hub,
    clock: parts.clock,
    isOffered: parts.config.hub.offer,
    readHardware: () => ({
      memoryBytes: totalmem(),
      freeDiskBytes: freeBytes(parts.installation.folder),
      cores: availableParallelism(),
    }),
  });
  const folder = modelFolder(parts);
  const acquire = createAcquireModel({
    models: parts.modelStore,
    folder,
    hub,
    nowMs: parts.clock.nowMs,
    fetchFile: ({ reference, file }, watch) =>
      fetchApart({ hub: parts.config.hub, reference, file, folder }, watch),
    onChanged,
  });
  const expire = createExpireVectors({ ...parts, knownModels: () => library.encoderDigests() });
  const handlers = [acquire, encodedSearch.handler];
  return { library, routes, changeModels, encodedSearch, offerModel, handlers, upkeep: [expire] };
}
