import type { Clock, EmbeddingModel, JobHandler, JobRun } from '#contracts/index.ts';
import { AppError, isAppError, type ChunkRow, type Digest, type TenantId } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import {
  commonPartOf,
  embeddedTextOf,
  UNRELATED_TEXTS,
  type BareChunk,
  type ChunkEmbeddingStore,
  type EmbeddedChunk,
  type EmbeddingGeneration,
} from '#rag/index.ts';

/** An index over all vectors of a model, made and up to date, but not searched yet. */
export interface PreparedIndex extends AsyncDisposable {
  /** From the next question on it is searched. Disposing does nothing after that. */
  swap(): Promise<void>;
}

export interface EmbedChunksDeps {
  readonly embeddings: ChunkEmbeddingStore;
  readonly clock: Clock;
  /** The model whose vectors are wanted; undefined when none is chosen or the chosen one cannot run. */
  wanted(): EmbeddingModel | undefined;
  /** Makes the index over the vectors of a generation; undefined when it is being searched already. */
  prepare(generation: EmbeddingGeneration, signal: AbortSignal): Promise<PreparedIndex | undefined>;
  /** Chunks of a generation that is being searched got their vectors. */
  reload(model: Digest, rows: readonly ChunkRow[]): Promise<void>;
  /** Waits before the model is asked again. */
  pause(attempt: number, signal: AbortSignal): Promise<void>;
}

export const EMBED_CHUNKS = 'chunks.embed';
/** Texts that are embedded at once and written in one unit. */
const BATCH_CHUNKS = 16;
/** Rows that are looked through in one query. */
const WINDOW_ROWS = 5_000;
/** A model that crashed or is loading gets so many tries before the run fails. */
const MAX_ATTEMPTS = 6;
const MAX_DIMENSIONS = 4096;

/** What a job to embed chunks carries: the model, by its digest. */
export function decodeEmbed(payload: unknown): string {
  if (typeof payload !== 'string') throw new TypeError('not a payload');
  return payload;
}

/**
 * Gives every chunk its vector by the chosen model and then lets the search go over to them, in one unit with the
 * record of it. What was done stays done: vectors are kept by the digest of the text, so that a run goes on where the
 * last one ended, and a text that comes twice is embedded once. Until all is there the vectors from before serve.
 */
export function createEmbedChunks(deps: EmbedChunksDeps): JobHandler {
  return {
    kind: EMBED_CHUNKS,
    async run(run) {
      const model = deps.wanted();
      // Another model was chosen meanwhile, and has a job of its own.
      if (model?.digest !== decodeEmbed(run.job.payload)) return;
      const work = { deps, run, model };
      const generation = await ensureGeneration(work);
      const through = await embedAfter(work, 0);
      await using prepared = through === undefined ? undefined : await deps.prepare(generation, run.signal);
      if (prepared === undefined || through === undefined) return;
      // Those that came in while the index was made.
      if ((await embedAfter(work, through)) === undefined) return;
      await complete(work, generation);
      await prepared.swap();
    },
  };
}

interface Work {
  readonly deps: EmbedChunksDeps;
  readonly run: JobRun;
  readonly model: EmbeddingModel;
}

async function complete({ deps, run, model }: Work, generation: EmbeddingGeneration): Promise<void> {
  if (generation.completedAtMs !== undefined) return;
  const atMs = deps.clock.nowMs();
  const { modelDigest, dimensions } = generation;
  await run.finish({
    statements: [deps.embeddings.complete(modelDigest, atMs)],
    audit: [
      {
        kind: 'search.embedding_changed',
        tenantId: run.job.tenantId,
        actor: run.job.requestedBy,
        atMs,
        fields: { model: model.name, digest: modelDigest, dimensions },
      },
    ],
  });
}

/** What is known of the model's vectors; of a new model, what they have in common is measured first. */
async function ensureGeneration(work: Work): Promise<EmbeddingGeneration> {
  const { deps, run, model } = work;
  const known = await deps.embeddings.findGeneration(model.digest);
  if (known !== undefined) return known;
  const vectors = await embed(work, UNRELATED_TEXTS);
  const dimensions = vectors[0]?.length ?? 0;
  if (dimensions === 0 || dimensions > MAX_DIMENSIONS) {
    throw new AppError(
      'input.invalid',
      `The model gives vectors of ${dimensions} dimensions; the index takes up to ${MAX_DIMENSIONS}.`,
    );
  }
  const commonPart = commonPartOf(vectors);
  const generation = { modelDigest: model.digest, dimensions, commonPart };
  await run.write({
    statements: [deps.embeddings.createGeneration(generation, deps.clock.nowMs())],
    audit: [],
  });
  return { ...generation, completedAtMs: undefined };
}

/** Embeds what waits after a row. Returns the last row looked at; undefined when another model is wanted now. */
async function embedAfter(work: Work, after: number): Promise<number | undefined> {
  const { deps, run, model } = work;
  let through = after;
  // Not what the last run noted: a kill may have come between its work and its note.
  let done = await deps.embeddings.countEmbedded(model.digest);
  for (let last = await deps.embeddings.lastRow(); through < last; last = await deps.embeddings.lastRow()) {
    const waiting = await listBare(work, through, last);
    const total = done + waiting.length;
    run.progress('embed', done, total);
    for (let at = 0; at < waiting.length; at += BATCH_CHUNKS) {
      run.signal.throwIfAborted();
      if (deps.wanted()?.digest !== model.digest) return undefined;
      const rows = waiting.slice(at, at + BATCH_CHUNKS);
      await embedRows(work, rows);
      done += rows.length;
      run.progress('embed', done, total);
    }
    through = last;
  }
  return through;
}

async function listBare({ deps, model }: Work, after: number, last: number): Promise<ChunkRow[]> {
  const waiting: ChunkRow[] = [];
  for (let from = after; from < last; from += WINDOW_ROWS) {
    const upTo = Math.min(last, from + WINDOW_ROWS);
    waiting.push(...(await deps.embeddings.listBareRows(model.digest, from, upTo)));
  }
  return waiting;
}

async function embedRows(work: Work, rows: readonly ChunkRow[]): Promise<void> {
  const { deps, run, model } = work;
  const chunks = await deps.embeddings.listChunks(rows);
  const byTenant = Map.groupBy(chunks, ({ tenantId }) => tenantId);
  for (const [tenantId, own] of byTenant) {
    const embedded = await embedOf(work, tenantId, own);
    await run.write({ statements: deps.embeddings.save(model.digest, tenantId, embedded), audit: [] });
  }
  await deps.reload(model.digest, rows);
}

/** Chunks of one tenant with their texts' digests, and vectors for texts that have none yet. */
async function embedOf(
  work: Work,
  tenantId: TenantId,
  chunks: readonly BareChunk[],
): Promise<readonly EmbeddedChunk[]> {
  const texts = new Map<Digest, string>();
  const rows = chunks.map(({ chunk }) => {
    const text = embeddedTextOf(chunk);
    const textDigest = digestOf(text);
    texts.set(textDigest, text);
    return { row: chunk.row, textDigest };
  });
  const known = await work.deps.embeddings.listKnown(work.model.digest, tenantId, [...texts.keys()]);
  const fresh = [...texts].filter(([digest]) => !known.has(digest));
  const vectors = await embed(
    work,
    fresh.map(([, text]) => text),
  );
  const made = new Map(fresh.map(([digest], index) => [digest, vectors[index]]));
  // A text's vector goes with the first of its chunks.
  return rows.map(({ row, textDigest }) => {
    const vector = made.get(textDigest);
    made.delete(textDigest);
    return { row, textDigest, vector };
  });
}

/** Vectors of texts. A model that is starting again is waited for. @throws {AppError} when it gives what is none. */
async function embed({ deps, run, model }: Work, texts: readonly string[]): Promise<readonly Float32Array[]> {
  if (texts.length === 0) return [];
  for (let attempt = 1; ; attempt++) {
    try {
      const vectors = await model.embed(texts, { purpose: 'document', signal: run.signal });
      if (vectors.length === texts.length && vectors.every(isSound)) return vectors;
      throw new AppError('input.invalid', `The model "${model.name}" gives vectors that are none.`);
    } catch (error) {
      const isPassing = isAppError(error, 'engine.unavailable') || isAppError(error, 'engine.crashed');
      if (!isPassing || attempt >= MAX_ATTEMPTS || run.signal.aborted) throw error;
      await deps.pause(attempt, run.signal);
    }
  }
}

const isSound = (vector: Float32Array): boolean => vector.length > 0 && vector.every(Number.isFinite);
