import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { RunningAnswers, type ScanDeps } from '#usecases/index.ts';
import { createGateway, swapCertificate } from '#gateway/index.ts';
import { fingerprintOf, JobRunner, type CertifiedKey } from '#platform/index.ts';
import { createAnswering } from './answering.ts';
import { startAuditing } from './auditing.ts';
import { clearScratch } from './backup-verification.ts';
import { createCertificates } from './certificates.ts';
import { tuneCollector } from './collector.ts';
import { recordRestore, startBackups, type Backups } from './backup-service.ts';
import { composeParts, type Parts } from './compose.ts';
import type { Config } from './config-schema.ts';
import { conversing } from './conversation-routes.ts';
import { composeDocuments, documentHandlers } from './documents.ts';
import { Drain } from './drain.ts';
import { createErasing, type Erasing } from './erasing.ts';
import { ensureTenant, loadSamples } from './first-start.ts';
import { openEntrance, type Entrance } from './entrance.ts';
import { createHealth } from './health.ts';
import { checkInstallation } from './installation-check.ts';
import { listenOn, listenOnSocket } from './listen.ts';
import { restoreThrottle } from './people.ts';
import { startModels, type Models } from './start-models.ts';
import { createRoutes } from './routes.ts';
import { openTls } from './tls.ts';
import { TlsReload } from './tls-reload.ts';
import { startWatch } from './watch-folders.ts';
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
  /** Reads the certificate anew; open connections stay. Returns its fingerprint; undefined without TLS. */
  reloadCertificate(): string | undefined;
}

/** After this, connections that still hang are cut. */
const CUT_AFTER_MS = 33_000;

/**
 * Starts the product: opens what it keeps, takes the samples in, listens, and is ready.
 * @param makeAnswering what answers; a proof of the doors before it may put something slow in its place.
 */
export async function startServer(config: Config, makeAnswering = createAnswering): Promise<RunningServer> {
  tuneCollector();
  await using stack = new AsyncDisposableStack();
  const parts = await openParts(config, stack);
  const models = await startModels(parts, stack);
  const documents = composeDocuments(parts, stack);
  const { backups, erasing, runner } = await startWork(parts, { documents, models }, stack);
  const watch = await startWatch(parts, documents, stack);
  const documentsAdded = config.samples.load ? await loadSamples(parts) : 0;
  parts.metrics.setIndexedChunks((await parts.index.stats()).chunks);
  const answering = makeAnswering(parts, models.routes.routeFor);
  const auditing = startAuditing(parts, stack);
  const entrance = openEntrance(parts, stack);
  const drain = new Drain();
  const app = createGateway({
    routes: createRoutes(parts, {
      ...entrance.routes,
      ingestion: { documents, watch },
      ...models,
      auditing,
      erasing,
      health: createHealth(parts, { backups, auditing }),
      certificates: createCertificates(parts, answering, stack),
      running: new RunningAnswers(entrance.gateway),
      isReady: () => drain.isReady && parts.writer.state !== 'stopped',
      answerChat: (request) => drain.follow(conversing(parts, answering.answer), request),
    }),
    limits: config.http,
    logger: parts.logger,
    metrics: parts.metrics,
    ...entrance.gateway,
    isDraining: () => drain.isDraining,
    newRequestId: () => crypto.randomUUID(),
  });
  stack.defer(() => app.close());
  const tls = watchCertificate(parts, app, entrance, stack);
  const port = await listenOn(app, config.listen.host, config.listen.port);
  stack.use(await listenOnSocket(app, parts.installation.socketPath));
  stack.defer(() => stopServing(app, drain, runner));
  drain.setReady();
  parts.logger.info({ port, documentsAdded }, 'server.ready');
  const teardown = stack.move();
  return {
    ...(await addressesOf(config, entrance, port)),
    socketPath: parts.installation.socketPath,
    documentsAdded,
    reloadCertificate: () => tls?.reload(),
    [Symbol.asyncDispose]: () => teardown.disposeAsync(),
  };
}

/** The parts, with what the last stop left behind settled, and the index in agreement with the database. */
async function openParts(config: Config, stack: AsyncDisposableStack): Promise<Parts> {
  const parts = await composeParts(config, stack);
  await ensureTenant(parts);
  await settleWhatWasCut(parts);
  await restoreThrottle(parts);
  await parts.indexReady;
  return parts;
}

/** A stop in the middle leaves erasures without their end, and turns that nobody answers any more. */
async function settleWhatWasCut(parts: Parts): Promise<void> {
  const { vault, writer, conversations, installation } = parts;
  await checkInstallation(parts);
  await clearScratch(installation.folder);
  await recordRestore(parts);
  await vault.finishErasures();
  await writer.write({ statements: [conversations.closeOpenTurns()], audit: [] });
}

/** Swaps the certificate when it changes on disk; undefined where TLS does not end here. */
function watchCertificate(
  parts: Parts,
  app: FastifyInstance,
  { gateway }: Entrance,
  stack: AsyncDisposableStack,
): TlsReload | undefined {
  if (gateway.tls === undefined) return undefined;
  const { mode, cert, key } = parts.config.tls;
  const files = mode === 'files' ? [cert, key].filter((file) => file !== undefined) : [];
  const swap = (certified: CertifiedKey) => swapCertificate(app, certified);
  const { logger } = parts;
  return stack.use(new TlsReload({ logger, files, open: () => openTls(parts), swap }, gateway.tls));
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

/**
 * Starts the backup, goes on with erasures that were cut short, and begins the work that waits, once what it needs is
 * there; stopping gives back what is under way.
 */
async function startWork(
  parts: Parts,
  {
    documents,
    models,
  }: { readonly documents: ScanDeps; readonly models: Pick<Models, 'handlers' | 'upkeep'> },
  stack: AsyncDisposableStack,
): Promise<{ readonly backups: Backups; readonly erasing: Erasing; readonly runner: JobRunner }> {
  const backups = startBackups(parts, stack);
  const erasing = createErasing(parts, documents, backups);
  await erasing.resume();
  const upkeep = [...upkeepHandlers(parts, erasing), ...models.upkeep];
  const handlers = [...upkeep, ...documentHandlers(documents), ...models.handlers];
  const deps = { ...parts, store: parts.jobStore, random: Math.random, newLease: () => crypto.randomUUID() };
  const runner = stack.use(new JobRunner(deps, handlers));
  parts.jobs.listen(() => runner.wake());
  await runner.start();
  stack.use(scheduleUpkeep(parts, upkeep));
  return { backups, erasing, runner };
}

/** Lets answers end and gives jobs back, both at once; cuts what still hangs when the time is over. */
async function stopServing(app: FastifyInstance, drain: Drain, runner: JobRunner): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), CUT_AFTER_MS);
  timer.unref();
  await Promise.all([drain.run(), runner[Symbol.asyncDispose]()]);
}
