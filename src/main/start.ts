import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { AnswerRequest } from '#core/index.ts';
import { createGateway } from '#gateway/index.ts';
import { fingerprintOf, JobRunner } from '#platform/index.ts';
import { createAnswering } from './answering.ts';
import { composeParts, type Parts } from './compose.ts';
import type { Config } from './config-schema.ts';
import { composeDocuments, documentHandlers } from './documents.ts';
import { ensureTenant, loadSamples } from './first-start.ts';
import { openEntrance, type Entrance } from './entrance.ts';
import { listenOn, listenOnSocket } from './listen.ts';
import { startModels } from './models.ts';
import { createRoutes } from './routes.ts';
import { scheduleUpkeep, upkeepHandlers } from './upkeep.ts';

/** A running product. Disposing it drains and closes everything, in reverse order of its making. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly socketPath: string;
  readonly documentsAdded: number;
  /** The link that makes the first administrator; undefined once there is one. */
  readonly setUpUrl: string | undefined;
  /** SHA-256 of a certificate made here, for people to compare with what their browser shows. */
  readonly fingerprint: string | undefined;
}

const DRAIN_MS = 30_000;

/** Starts the product: opens what it keeps, takes the samples in, listens, and is ready. */
export async function startServer(config: Config): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack();
  const parts = await composeParts(config, stack);
  await ensureTenant(parts);
  await parts.vault.finishErasures();
  await parts.indexReady;
  await startJobs(parts, stack);
  const documentsAdded = config.samples.load ? await loadSamples(parts) : 0;
  parts.metrics.setIndexedChunks((await parts.index.stats()).chunks);
  const models = await startModels(parts, stack);
  const answerChat = await createAnswering(parts, models);
  const entrance = openEntrance(parts, stack);
  const state = { isReady: false, live: new Set<Promise<void>>() };
  const app = createGateway({
    routes: createRoutes(parts, {
      session: entrance.session,
      models,
      isReady: () => state.isReady,
      answerChat: (request) => follow(answerChat(request), request, state.live),
    }),
    limits: config.http,
    logger: parts.logger,
    metrics: parts.metrics,
    ...entrance.gateway,
    newRequestId: () => crypto.randomUUID(),
  });
  stack.defer(() => app.close());
  const port = await listenOn(app, config.listen.host, config.listen.port);
  stack.use(await listenOnSocket(app, parts.installation.socketPath));
  stack.defer(async () => {
    state.isReady = false;
    await Promise.race([Promise.all(state.live), setTimeout(DRAIN_MS, undefined, { ref: false })]);
  });
  state.isReady = true;
  parts.logger.info({ port, documentsAdded }, 'server.ready');
  const teardown = stack.move();
  return {
    ...(await addressesOf(config, entrance, port)),
    socketPath: parts.installation.socketPath,
    documentsAdded,
    [Symbol.asyncDispose]: () => teardown.disposeAsync(),
  };
}

/** What people need to find the server. */
async function addressesOf(
  { listen, tls }: Config,
  entrance: Entrance,
  port: number,
): Promise<Pick<RunningServer, 'url' | 'setUpUrl' | 'fingerprint'>> {
  const certified = entrance.gateway.tls;
  const isAny = listen.host === '0.0.0.0' || listen.host === '::';
  const name = isAny ? hostname().toLowerCase() : listen.host;
  const host = name.includes(':') ? `[${name}]` : name;
  const url = `${certified ? 'https' : 'http'}://${host}:${port}`;
  const setUpPath = await entrance.setUpPath();
  return {
    url,
    setUpUrl: setUpPath && url + setUpPath,
    fingerprint:
      certified && tls.mode === 'self-signed' ? fingerprintOf(certified.certificatePem) : undefined,
  };
}

/** Begins the work that waits, once what it needs is there; stopping gives back what is under way. */
async function startJobs(parts: Parts, stack: AsyncDisposableStack): Promise<void> {
  const upkeep = upkeepHandlers(parts);
  const handlers = [...upkeep, ...documentHandlers(composeDocuments(parts))];
  const deps = { ...parts, store: parts.jobStore, random: Math.random, newLease: () => crypto.randomUUID() };
  const runner = stack.use(new JobRunner(deps, handlers));
  parts.jobs.listen(() => runner.wake());
  await runner.start();
  stack.use(scheduleUpkeep(parts, upkeep));
}

/** Remembers an answer while it is made, so that stopping can wait for it. */
async function* follow<Item>(
  items: AsyncGenerator<Item>,
  _request: AnswerRequest,
  live: Set<Promise<void>>,
): AsyncGenerator<Item> {
  const { promise, resolve } = Promise.withResolvers<void>();
  live.add(promise);
  try {
    yield* items;
  } finally {
    live.delete(promise);
    resolve();
  }
}
