import type { JobHandler, JobRun, RetrievalIndex } from '#contracts/index.ts';
import { makeId, type NewId, type Principal } from '#core/index.ts';
import {
  AccessFilters,
  AccessStore,
  OwnerStore,
  Sealer,
  type IdentitySchema,
  type Subject,
} from '#identity/index.ts';
import { digestOf, JobStore, queryBuilder, TableJobQueue, type JobSchema } from '#platform/index.ts';
import { parseDocument } from '#rag/ingestion/parse/parse-document.ts';
import {
  AccessAssignmentStore,
  ChunkStore,
  DocumentStore,
  IndexSourceStore,
  toReadContent,
  PasswordStore,
  SourceStore,
  VersionRowStore,
  VersionStore,
  type Collection,
  type RagSchema,
  type Source,
} from '#rag/index.ts';
import {
  ensureAclSet,
  ingestHandler,
  AccessMoves,
  KeyedLock,
  queueScan,
  scanHandler,
  type ScanDeps,
} from '#usecases/index.ts';
import { openTestDatabase, TEST_TENANT } from './database.ts';
import { MemoryBlobStore } from './fakes/memory-blob-store.ts';
import { MemorySource } from './fakes/memory-source.ts';
import { wordsAnalyzer } from './fakes/words-analyzer.ts';
import { startLocalIndex } from './local-index.ts';

const ADMINISTRATOR = { issuer: 'test', subject: 'administrator' };

function countingIds(): NewId {
  let count = 0;
  return (kind) => {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(12, ++count);
    return makeId(kind, bytes);
  };
}

/** Somebody of these groups, who may do nothing but what grants allow. */
export function personOf(...groups: string[]): Principal {
  return {
    tenantId: TEST_TENANT,
    issuer: 'test',
    subject: 'anna',
    displayName: 'Anna',
    groups,
    roles: ['user'],
    attributes: {},
    authentication: { kind: 'system' },
  };
}

/**
 * The use cases about documents over a real database, an index in memory and a source in memory; groups are called
 * by their names. `reader` may fail for a file by its text.
 */
export async function makeDocumentWork(overrides: Partial<ScanDeps> = {}) {
  const { database, writer } = openTestDatabase();
  const clock = { now: 1_000, nowMs: () => clock.now, monotonicMs: () => clock.now };
  const rag = queryBuilder<RagSchema>(database);
  const jobStore = new JobStore(queryBuilder<JobSchema>(database));
  const jobs = new TableJobQueue(jobStore, writer, clock);
  const access = new AccessStore(queryBuilder<IdentitySchema>(database));
  const files = new MemorySource();
  const blobs = new MemoryBlobStore();
  const kind = { analyzerVersion: 'words/1', embeddingDigest: undefined, dimensions: 0 };
  const indexSource = new IndexSourceStore(rag);
  const { index } = await startLocalIndex({ analyzer: wordsAnalyzer, kind, source: indexSource });
  const forbidden: string[] = [];
  const reads: string[] = [];
  const users: string[] = [];
  const filters = new AccessFilters(access, clock);
  const deps: ScanDeps = {
    accessFilters: filters,
    writer,
    blobs,
    jobs,
    documents: new DocumentStore(rag),
    versions: new VersionStore(rag),
    versionRows: new VersionRowStore(rag),
    sources: new SourceStore(rag),
    passwords: new PasswordStore(rag),
    sealer: new Sealer(new Uint8Array(32), (length) => new Uint8Array(length)),
    chunks: new ChunkStore(rag, () => forbidden.push('chunk')),
    index,
    access,
    owners: new OwnerStore(queryBuilder<IdentitySchema>(database)),
    assignments: new AccessAssignmentStore(queryBuilder(database)),
    clock,
    newId: countingIds(),
    pipelineDigest: digestOf('pipeline'),
    documentLock: new KeyedLock(),
    moves: new AccessMoves(clock),
    open: () => files,
    resolveReaders: async (_tenant, grants) => {
      const named = grants.flatMap((grant) => (grant.kind === 'everyone' ? [] : [grant]));
      const isKnown = (grant: { kind: string; name: string }) =>
        grant.kind === 'group' || users.includes(grant.name);
      return {
        subjects: named.filter(isKnown).map(({ name }): Subject => `group:${name}`),
        unknown: named.filter((grant) => !isKnown(grant)).map(({ name }) => `user "${name}"`),
      };
    },
    read: async ({ blobDigest, fileName, documentId, handsOut, passwords }) => {
      reads.push(fileName);
      const bytes = (await blobs.get(blobDigest))!;
      const source = rewrite(new TextDecoder().decode(bytes));
      if (source.startsWith('damaged')) {
        return { refused: { code: 'damaged', message: 'The file is damaged.', detail: {} } };
      }
      const lock = /^password (\S+)/u.exec(source)?.[1];
      if (lock !== undefined && !passwords.includes(lock)) {
        const code = passwords.length === 0 ? 'encrypted' : 'wrong-password';
        return { refused: { code, message: 'The file is locked.', detail: {} } };
      }
      const parsed = await parseDocument({ bytes: new TextEncoder().encode(source), fileName });
      const content = toReadContent(parsed, documentId);
      const store = async ([, path = '', text = '']: RegExpExecArray) => {
        const piece = new TextEncoder().encode(text);
        return { path, blobDigest: await blobs.put(piece), sizeBytes: piece.length };
      };
      const inner = [...source.matchAll(/^inner (\S+): (.*)$/gmu)];
      return {
        content: {
          ...content,
          release: () => undefined,
          ...(source.startsWith('archive') && { chunkIds: [], packedChunks: [] }),
          innerFiles: handsOut ? await Promise.all(inner.map(store)) : [],
        },
      };
    },
    ...overrides,
  };
  const { collection, source } = await makeSource(deps);
  let handlers = [scanHandler(deps), ingestHandler(deps, 1)];
  let rewrite = (text: string): string => text;
  const work = {
    ...deps,
    database,
    clock,
    files,
    index,
    /** An index built from the database alone. */
    async rebuiltIndex() {
      return (await startLocalIndex({ analyzer: wordsAnalyzer, kind, source: indexSource })).index;
    },
    collection,
    source,
    reads,
    forbidden,
    /** Who is known under a user's name from now on. */
    setReaders: (...names: string[]) => void users.push(...names),
    /** Reads with another pipeline from now on, one that perhaps reads something else. */
    withPipeline(name: string, change = (text: string): string => text) {
      const other = { ...deps, pipelineDigest: digestOf(name) };
      handlers = [scanHandler(other), ingestHandler(other, 1)];
      rewrite = change;
      return work;
    },
    /** Queues a look at the source. */
    async queueScan() {
      await writer.write({ statements: [queueScan(deps, source, ADMINISTRATOR)], audit: [] });
    },
    /** Does all the work that waits. */
    async drain(nowMs: number) {
      clock.now = nowMs;
      await drain(deps, jobStore, handlers);
    },
    /** Looks at the source and does all the work that comes of it. */
    async take(nowMs: number) {
      clock.now = nowMs;
      await work.queueScan();
      await work.drain(nowMs);
    },
    /** Texts that answer somebody's search, best first. */
    async search(
      text: string,
      who: Principal,
      at: { valid?: number; known?: number } = {},
      searched: RetrievalIndex = index,
    ) {
      const found = await filters.filterFor(who);
      const hits = await searched.search({
        text,
        language: 'cs',
        access: found,
        validAtMs: at.valid ?? clock.now,
        recordedAtMs: at.known ?? clock.now,
        limit: 20,
      });
      return (await deps.chunks.listEvidence(hits, found)).map((piece) => piece.text.trim());
    },
  };
  return work;
}

async function makeSource(deps: ScanDeps): Promise<{ collection: Collection; source: Source }> {
  const id = deps.newId('collection');
  const aclSet = await ensureAclSet(deps, TEST_TENANT, {
    collectionId: id,
    inherits: true,
    entries: [],
    rules: [],
  });
  const collection = { id, tenantId: TEST_TENANT, name: 'smlouvy', title: 'Smlouvy', aclSet };
  const source: Source = {
    id: deps.newId('source'),
    tenantId: TEST_TENANT,
    collectionId: id,
    kind: 'folder',
    location: '/documents',
    isWatched: false,
    validFromMs: undefined,
    scannedAtMs: undefined,
    isPaused: false,
    isRemoved: false,
  };
  const grant = { effect: 'allow', subject: 'everyone', condition: undefined } as const;
  await deps.writer.write({
    statements: [
      deps.documents.createCollection({ ...collection, createdAtMs: 0 }),
      deps.access.addGrant({
        ...grant,
        tenantId: TEST_TENANT,
        collectionId: id,
        createdAtMs: 0,
        createdBy: '',
      }),
      deps.sources.createSource({ ...source, createdAtMs: 0 }),
    ],
    audit: [],
  });
  return { collection, source };
}

/** Does queued jobs one after another, as their runner would, until none is left. A failure fails the test. */
async function drain(deps: ScanDeps, store: JobStore, handlers: readonly JobHandler[]): Promise<void> {
  for (;;) {
    const [job] = await store.list(TEST_TENANT, { state: 'queued', limit: 1 });
    if (job === undefined) return;
    const lease = { jobId: job.id, lease: 'lease' };
    const claim = store.claim([job.kind], lease.lease, deps.clock.nowMs() + 1, 1000);
    const { rows } = await deps.writer.write({ statements: [claim], audit: [] });
    const claimed = rows[0]?.[0]?.['id'];
    const taken = (await store.list(TEST_TENANT, { state: 'running' })).find(({ id }) => id === claimed)!;
    const end = store.end(
      { jobId: taken.id, lease: lease.lease },
      { state: 'done', updated_at_ms: deps.clock.nowMs() },
    );
    let isFinished = false;
    const run: JobRun = {
      job: taken,
      signal: new AbortController().signal,
      progress: () => undefined,
      write: (unit) => deps.writer.write(unit),
      async finish(unit) {
        isFinished = true;
        return deps.writer.write({ ...unit, statements: [...unit.statements, end] });
      },
    };
    await handlers.find(({ kind }) => kind === taken.kind)!.run(run);
    if (!isFinished) await deps.writer.write({ statements: [end], audit: [] });
  }
}
