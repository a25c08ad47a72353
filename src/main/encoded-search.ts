import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddingModel, Job, JobHandler } from '#contracts/index.ts';
import { AppError, type Digest } from '#core/index.ts';
import { withoutCommonPart, type EncodedIndex, type EmbeddingGeneration } from '#rag/index.ts';
import { createEmbedChunks, EMBED_CHUNKS, type PreparedIndex } from '#usecases/index.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';
import { startIndexThreads, type RunningIndex } from './index-threads.ts';
import type { ModelLibrary } from './model-library.ts';

/** A second index: whose vectors, its threads, and its folder below that of all second indexes. */
interface Generation extends EmbeddingGeneration {
  readonly folder: string;
  readonly running: RunningIndex;
}

/** How the vectors of the chosen model stand. */
export interface EmbeddingStatus {
  /** Whose vectors are searched now. */
  readonly inUse: string;
  /** `built-in`: none was chosen. `making`, `failed`, `unloaded`: the vectors from before serve meanwhile. `in-use`. */
  readonly state: 'built-in' | 'making' | 'in-use' | 'failed' | 'unloaded';
  readonly done: number | undefined;
  readonly total: number | undefined;
  readonly reason: string | undefined;
}

/** What is chosen, and the models that make vectors; by a name or, without one, the chosen. */
interface Library extends Pick<ModelLibrary, 'chosen' | 'unloadedBehind'> {
  searchModel(name?: string): EmbeddingModel | undefined;
}

/** New chunks are gathered for so long before a job is queued for them. */
const GATHER_MS = 2_000;
const MAX_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const PRIORITY = -5;
const NOT_MADE = 'The index over the new vectors could not be made.';

/**
 * Searching by vectors of the chosen model: keeps a job going that makes them, and a second index over them, which
 * takes the place of the built-in vectors when every chunk has its own.
 */
export class EncodedSearch implements AsyncDisposable {
  readonly handler: JobHandler;
  readonly #parts: Parts;
  readonly #library: Library;
  readonly #onSwapped: () => Promise<void>;
  #live: Generation | undefined;
  #joining: Generation | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isDisposed = false;

  /** @param onSwapped told when other vectors are searched than before. */
  constructor(parts: Parts, library: Library, onSwapped: () => Promise<void>) {
    this.#parts = parts;
    this.#library = library;
    this.#onSwapped = onSwapped;
    const handler = createEmbedChunks({
      ...parts,
      wanted: () => library.searchModel(),
      prepare: (generation) => this.#prepare(generation),
      reload: (digest, rows) => parts.index.reloadEncoded(digest, rows),
      pause: (attempt, signal) =>
        sleep(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt), undefined, { signal }),
    });
    this.handler = { ...handler, run: (run) => this.#followed(() => handler.run(run)) };
    parts.index.listen({
      onLoaded: () => this.#queueSoon(),
      onBroken: (index, error) => this.#onBroken(index, error),
    });
  }

  /** Follows what is chosen now: begins to make its vectors, or goes back to the built-in ones. */
  async refresh(): Promise<void> {
    const model = this.#library.searchModel();
    if (model === undefined) {
      await this.#end();
      await this.#removeFolders();
    } else if (this.#live?.modelDigest !== model.digest) await this.#queue(model);
    // The same file may have been given another name.
    else if (this.#parts.index.embedding.name !== model.name) this.#use(this.#live, model.name);
  }

  async status(): Promise<EmbeddingStatus> {
    const { index, jobs } = this.#parts;
    const inUse = index.embedding.name;
    const chosen = this.#library.chosen('embedding');
    const none = { inUse, done: undefined, total: undefined, reason: undefined };
    if (chosen === undefined) return { ...none, state: 'built-in' };
    if (this.#library.unloadedBehind(chosen) !== undefined) return { ...none, state: 'unloaded' };
    const model = this.#library.searchModel();
    if (model === undefined) return { ...none, state: 'failed', reason: `The model "${chosen}" cannot run.` };
    const [job] = (await jobs.list(FIRST_TENANT, { kind: EMBED_CHUNKS, limit: 20 })).filter(
      ({ payload }) => payload === model.digest,
    );
    const { done, total } = job?.progress['embed'] ?? none;
    const state = this.#stateOf(model.digest, job);
    return { inUse, state, done, total, reason: state === 'in-use' ? undefined : job?.reason?.message };
  }

  #stateOf(digest: Digest, job: Job | undefined): EmbeddingStatus['state'] {
    if (this.#parts.index.embedding.digest === digest) return 'in-use';
    return job?.state === 'poisoned' || job?.state === 'cancelled' ? 'failed' : 'making';
  }

  async #queue(model: EmbeddingModel): Promise<void> {
    const { jobs, writer, newId, system } = this.#parts;
    const job = {
      id: newId('job'),
      tenantId: FIRST_TENANT,
      kind: EMBED_CHUNKS,
      payload: model.digest,
      requestedBy: system,
      dedupeKey: model.digest,
      priority: PRIORITY,
    };
    await writer.write({ statements: [jobs.enqueue(job)], audit: [] });
    jobs.wake();
  }

  /** Gathers what comes in; what comes while a run is under way may have come too late for it. */
  #queueSoon(): void {
    if (this.#timer !== undefined || this.#isDisposed || this.#library.searchModel() === undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const model = this.#library.searchModel();
      if (this.#isRunning) this.#queueSoon();
      else if (model !== undefined)
        this.#queue(model).catch((error: unknown) =>
          this.#parts.logger.warn({ error }, 'search.embedding_not_queued'),
        );
    }, GATHER_MS);
    this.#timer.unref();
  }

  async #followed(run: () => Promise<void>): Promise<void> {
    this.#isRunning = true;
    try {
      await run();
    } finally {
      this.#isRunning = false;
    }
  }

  async #prepare(generation: EmbeddingGeneration): Promise<PreparedIndex | undefined> {
    if (this.#live?.modelDigest === generation.modelDigest) return undefined;
    const made = await startGeneration(this.#parts, generation);
    const { client } = made.running;
    this.#joining = made;
    // Every change from here on reaches it, before what it reads of the database itself.
    this.#parts.index.join(client);
    const discard = async () => {
      if (this.#live === made) return;
      this.#parts.index.join(undefined);
      this.#joining = undefined;
      await dispose(made);
    };
    await client.ready.catch(async (cause: unknown) => {
      await discard();
      throw new AppError('engine.unavailable', NOT_MADE, { cause });
    });
    return { swap: () => this.#swap(made), [Symbol.asyncDispose]: discard };
  }

  async #swap(made: Generation): Promise<void> {
    const model = this.#library.searchModel();
    // It missed a change meanwhile, or is wanted no more.
    if (this.#joining !== made || model?.digest !== made.modelDigest)
      throw new AppError('engine.unavailable', NOT_MADE);
    const before = this.#live;
    this.#live = made;
    this.#joining = undefined;
    this.#use(made, model.name);
    await this.#onSwapped();
    if (before !== undefined) await dispose(before);
    await this.#removeFolders();
    this.#parts.logger.info({ model: model.name }, 'search.embedding_changed');
  }

  /** From the next question on the index is searched, with questions embedded by the model of this name. */
  #use({ modelDigest: digest, commonPart, running }: Generation, name: string): void {
    const embedQuestion: EncodedIndex['embedQuestion'] = async (text, signal) => {
      const model = this.#library.searchModel(name);
      if (model?.digest !== digest) throw new AppError('engine.unavailable', `The model "${name}" is gone.`);
      const [vector] = await model.embed([text], { purpose: 'query', signal });
      if (vector?.length !== commonPart.length || !vector.every(Number.isFinite))
        throw new AppError('engine.unavailable', `The model "${name}" gives vectors that are none.`);
      return withoutCommonPart(vector, commonPart);
    };
    this.#parts.index.use({ index: running.client, name, digest, embedQuestion });
  }

  /** An index that is searched no more goes with its files; the job makes another one. */
  async #onBroken(index: EncodedIndex['index'], error: unknown): Promise<void> {
    this.#parts.logger.error({ error }, 'search.encoded_index_broken');
    const broken = [this.#live, this.#joining].find((one) => one?.running.client === index);
    if (broken === undefined) return;
    if (broken === this.#joining) {
      // The run that makes it finds it gone and begins anew.
      this.#joining = undefined;
      return;
    }
    this.#live = undefined;
    await dispose(broken);
    await this.#onSwapped();
    this.#queueSoon();
  }

  async #end(): Promise<void> {
    const live = this.#live;
    if (live === undefined) return;
    this.#live = undefined;
    this.#parts.index.use(undefined);
    await this.#onSwapped();
    await dispose(live);
  }

  /** Indexes that are not searched hear of no erasure, so none is kept. */
  async #removeFolders(): Promise<void> {
    const { encodedSegmentsFolder } = this.#parts.installation;
    const kept = [this.#live?.folder, this.#joining?.folder];
    for (const name of await readdir(encodedSegmentsFolder).catch(() => [])) {
      const folder = join(encodedSegmentsFolder, name);
      if (!kept.includes(folder)) await rm(folder, { recursive: true, force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    // The files stay for the next start.
    await this.#live?.running[Symbol.asyncDispose]();
  }
}

async function startGeneration(
  { installation, clock, logger, foreground }: Parts,
  generation: EmbeddingGeneration,
): Promise<Generation> {
  const { modelDigest, dimensions, commonPart } = generation;
  const folder = join(installation.encodedSegmentsFolder, modelDigest.slice('sha256:'.length));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const running = startIndexThreads({
    databasePath: installation.databasePath,
    folder,
    vectors: { modelDigest, dimensions, commonPart },
    foreground: foreground.shared,
    monotonicMs: clock.monotonicMs,
    onTrouble: (error) => logger.error({ error: error.message }, 'index.thread_trouble'),
  });
  return { ...generation, folder, running };
}

async function dispose({ running, folder }: Generation): Promise<void> {
  await running[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}
