import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { ChatModel, EmbeddingModel } from '#contracts/index.ts';
import { expectId, type Principal, type TenantId } from '#core/index.ts';
import {
  createLogger,
  Foreground,
  KeyRing,
  type LogFormat,
  lockFolder,
  Metrics,
  openForReading,
  queryBuilder,
  randomId,
  systemClock,
  Tracer,
  type Logger,
} from '#platform/index.ts';
import {
  ChosenIndex,
  ChunkEmbeddingStore,
  ChunkStore,
  DocumentDetailStore,
  DocumentErasureStore,
  DocumentStore,
  SnapshotStore,
  SynonymBook,
  SynonymStore,
  PasswordStore,
  SourceStore,
  VersionRowStore,
  VersionStore,
  loadBundledEmbedding,
  type RagSchema,
} from '#rag/index.ts';
import { ModelStore, type RegistrySchema } from '#registry/index.ts';
import type { Config } from './config-schema.ts';
import { startIndexThreads } from './index-threads.ts';
import { ConfigError } from './config.ts';
import { openInstallation, WRAPPED_KEY, type Installation } from './installation.ts';
import { composeIdentity, type IdentityParts } from './people.ts';
import { INSTALLATION } from './product.ts';
import { QuotingClient } from './quoting-client.ts';
import { composeRecord, type RecordParts } from './record.ts';
import { SnapshotReaders } from './snapshot-readers.ts';
import { WriterClient } from './writer-client.ts';

/** The parts of the running product that the use cases are handed. */
export interface Parts extends IdentityParts, RecordParts {
  readonly config: Config;
  readonly installation: Installation;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly clock: typeof systemClock;
  readonly newId: typeof randomId;
  readonly writer: WriterClient;
  /** Answers that somebody waits for; documents that come in give way to them. */
  readonly foreground: Foreground;
  readonly documents: DocumentStore;
  readonly documentDetails: DocumentDetailStore;
  readonly documentErasures: DocumentErasureStore;
  readonly versions: VersionStore;
  readonly versionRows: VersionRowStore;
  readonly sources: SourceStore;
  readonly passwords: PasswordStore;
  readonly chunks: ChunkStore;
  readonly snapshots: SnapshotStore;
  readonly synonymStore: SynonymStore;
  readonly synonyms: SynonymBook;
  readonly snapshotReaders: SnapshotReaders;
  readonly modelStore: ModelStore;
  readonly embeddings: ChunkEmbeddingStore;
  readonly index: ChosenIndex;
  /** The model that is always there. */
  readonly embedding: EmbeddingModel;
  /** Answers with sentences of the evidence; runs in a thread of its own. */
  readonly quoting: ChatModel;
  /** Resolves when the index agrees with the database. */
  readonly indexReady: Promise<void>;
  readonly system: Principal;
}

/** The one tenant of an installation that has no more. Its id is fixed, so that it is made once. */
export const FIRST_TENANT: TenantId = expectId('tenant', `ten_${'0'.repeat(26)}`);

function systemPrincipal(tenantId: TenantId): Principal {
  return {
    tenantId,
    issuer: 'system',
    subject: 'hradlo',
    displayName: 'Hradlo',
    groups: [],
    roles: ['administrator'],
    attributes: {},
    authentication: { kind: 'system' },
  };
}

function startWriter(
  config: Config,
  installation: Installation,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Promise<WriterClient> {
  const options = {
    path: installation.databasePath,
    chainId: installation.chainId,
    synchronous: config.data.synchronous,
    nowMs: systemClock.nowMs(),
    reservePath: installation.reservePath,
    reserveBytes: config.data.reserveBytes,
    spoolFolder: config.backup.folder === '' ? undefined : installation.spoolFolder,
  };
  return WriterClient.start(options, (state, why) => {
    metrics.setWriterState(state);
    if (state === 'writing') logger.info({ state, why }, 'writer.state');
    else logger.error({ state, why }, 'writer.state');
  });
}

/** A server that was told to stop is gone by then; one that starts right after it waits. */
const ENDING_MS = 3_000;

const formatOf = (format: Config['log']['format']): LogFormat =>
  format === 'auto' ? (process.stdout.isTTY ? 'text' : 'json') : format;

/** The index over the built-in vectors, and room for a second one over those of a chosen model. */
function startIndex(
  { databasePath, segmentsFolder }: Installation,
  { logger, metrics, stack }: { logger: Logger; metrics: Metrics; stack: AsyncDisposableStack },
): Pick<Parts, 'index' | 'embedding' | 'indexReady' | 'foreground'> {
  const foreground = new Foreground();
  const { client: base } = stack.use(
    startIndexThreads({
      databasePath,
      folder: segmentsFolder,
      foreground: foreground.shared,
      monotonicMs: systemClock.monotonicMs,
      onTrouble: (error) => logger.error({ error: error.message }, 'index.thread_trouble'),
    }),
  );
  const embedding = loadBundledEmbedding();
  const index = new ChosenIndex({
    base,
    builtIn: { name: embedding.name, digest: embedding.digest },
    monotonicMs: systemClock.monotonicMs,
    onFallback: (error) => {
      metrics.countEmbeddingFallback();
      logger.warn({ error }, 'search.embedding_fallback');
    },
  });
  return { index, embedding, indexReady: base.ready, foreground };
}

/** What is read of documents, but for their texts. */
function documentStores(reader: DatabaseSync) {
  const database = queryBuilder<RagSchema>(reader);
  const synonymStore = new SynonymStore(database);
  return {
    synonymStore,
    synonyms: new SynonymBook(synonymStore),
    documents: new DocumentStore(database),
    documentDetails: new DocumentDetailStore(database),
    documentErasures: new DocumentErasureStore(database),
    versions: new VersionStore(database),
    versionRows: new VersionRowStore(database),
    passwords: new PasswordStore(database),
    sources: new SourceStore(database),
    snapshots: new SnapshotStore(database),
    embeddings: new ChunkEmbeddingStore(database),
  };
}

/** @throws {ConfigError} when the master key is not the one that people's keys were wrapped with. */
async function checkMasterKey({ keyFolder, masterKey }: Installation): Promise<void> {
  const keys = new KeyRing(keyFolder, masterKey);
  const wrapped = (await keys.list()).filter((name) => WRAPPED_KEY.test(name));
  // One that opens says that the master key is right; a single damaged file must not keep the server from starting.
  for (const name of wrapped) {
    const opens = keys.has(name).catch(() => false);
    if (await opens) return;
  }
  if (wrapped.length === 0) return;
  throw new ConfigError([
    `The master key is not the one that the texts of people were sealed with (keys.masterFile, keys.masterCommand), or the files in ${keyFolder} are damaged: put them back out of a backup.`,
  ]);
}

/** Builds the parts bottom-up. What was opened is closed with `stack`, in reverse order. */
export async function composeParts(config: Config, stack: AsyncDisposableStack): Promise<Parts> {
  const logger = createLogger(config.log.level, { format: formatOf(config.log.format) });
  const metrics = new Metrics();
  const tracer = new Tracer([metrics.observeSpan], systemClock.monotonicMs);
  const installation = openInstallation(resolve(INSTALLATION, config.data.folder), config.keys);
  stack.use(lockFolder(installation.lockPath, ENDING_MS));
  await checkMasterKey(installation);
  const writer = stack.use(await startWriter(config, installation, { logger, metrics }));
  const indexed = startIndex(installation, { logger, metrics, stack });
  const reader = openForReading(installation.databasePath);
  stack.defer(() => reader.close());
  const identity = composeIdentity(reader, {
    writer,
    clock: systemClock,
    newId: randomId,
    secretKey: installation.secretKey,
  });
  const chunks = new ChunkStore(queryBuilder<RagSchema>(reader), (documentId) => {
    // The index hears of a change after the database: what it still shows then is dropped, and is no fault.
    if (identity.moves.isRecent(documentId)) return;
    metrics.countForbiddenChunk();
    logger.error({}, 'rights.second_check_failed');
  });
  return {
    config,
    installation,
    logger,
    metrics,
    tracer,
    clock: systemClock,
    newId: randomId,
    writer,
    ...documentStores(reader),
    chunks,
    snapshotReaders: stack.use(new SnapshotReaders(indexed.index)),
    modelStore: new ModelStore(queryBuilder<RegistrySchema>(reader)),
    ...composeRecord(reader, {
      writer,
      clock: systemClock,
      newId: randomId,
      installation,
      contentDays: config.retention.contentDays,
    }),
    ...identity,
    ...indexed,
    quoting: stack.use(new QuotingClient()),
    system: systemPrincipal(FIRST_TENANT),
  };
}
