import { setTimeout } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { Egress, freeBytes } from '#platform/index.ts';
import { HubClient } from '#registry/index.ts';
import { ChangeModels, createAcquireModel, createExpireVectors, OfferModel } from '#usecases/index.ts';
import type { JobHandler } from '#contracts/index.ts';
import { AnswerRoutes } from './answer-routes.ts';
import type { Parts } from './compose.ts';
import { EncodedSearch } from './encoded-search.ts';
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

const HUB_TIMEOUTS = { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000 };
const MAX_PAUSE_MS = 60_000;

function createHub(parts: Parts, stack: AsyncDisposableStack): HubClient {
  const { url, tokenFile } = parts.config.hub;
  const baseUrl = new URL(url);
  // A hub of one's own may lie inside; the public one, and where it redirects, may not.
  const isPublic = baseUrl.protocol === 'https:';
  const egress = stack.use(
    new Egress(
      isPublic ? { kind: 'public' } : { kind: 'named', origins: new Set([baseUrl.origin]) },
      HUB_TIMEOUTS,
    ),
  );
  const token = tokenFile === undefined ? undefined : readFileSync(tokenFile, 'utf8').trim();
  return new HubClient({ baseUrl, token, send: (call) => egress.send(call) });
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
  const hub = createHub(parts, stack);
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
  const acquire = createAcquireModel({
    models: parts.modelStore,
    folder: modelFolder(parts),
    hub,
    nowMs: parts.clock.nowMs,
    pause: (attempt, signal) =>
      setTimeout(Math.min(MAX_PAUSE_MS, (parts.config.hub.retryPauseMs * 2 ** attempt) / 2), undefined, {
        signal,
      }),
    onChanged,
  });
  const expire = createExpireVectors({ ...parts, knownModels: () => library.encoderDigests() });
  const handlers = [acquire, encodedSearch.handler];
  return { library, routes, changeModels, encodedSearch, offerModel, handlers, upkeep: [expire] };
}
