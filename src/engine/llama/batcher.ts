import { FairQueue, type QueuedRequest } from './fair-queue.ts';
import type { BatchEvent, GenerationRequest } from './generation.ts';
import type { ModelRuntime } from './model-runtime.ts';
import { Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import { PrefixCache, type Lane, type PrefixCacheStats } from './prefix-cache.ts';
import { BatchStream } from './batch-stream.ts';
import type { MeterStats } from './step-meter.ts';
import { RunningStreams, type StreamLimits } from './running-streams.ts';
import { StepRunner } from './step-runner.ts';

export interface BatcherSettings extends StreamLimits {
  readonly sequences: number;
  /** Longest conversation with its answer; never more than the model was made for. */
  readonly contextTokens: number;
  readonly cacheTokens: number;
  /** Whether all sequences lie in one cache; otherwise each has an equal part of its own. */
  readonly isUnified: boolean;
  readonly batchTokens: number;
  readonly stepTargetMs: number;
  readonly spillBytes: number;
  readonly defaultOutputTokens: number;
}

export interface BatcherStats extends MeterStats {
  readonly running: number;
  readonly queued: number;
  readonly reservedTokens: number;
  readonly steps: number;
  readonly lastStepMs: number;
  readonly prefillTokensPerSecond: number | undefined;
  /** Cells in use by running answers and kept beginnings; shared ones count for each, but never more than there are. */
  readonly usedTokens: number;
  readonly cacheTokens: number;
  readonly prefix: PrefixCacheStats;
}

/** Whether a request was taken, and if not, why. */
export type Admission =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'context-exceeded'; readonly promptTokens: number; readonly contextTokens: number };

type Waiting = QueuedRequest & { readonly request: GenerationRequest; readonly deadlineMs: number };

/**
 * Continuous batching over one model: admits requests, runs steps, samples, and hands out what each step brought.
 * Everything between two steps is synchronous; `run` waits only for the library. Time is handed in.
 */
export class Batcher {
  readonly #runtime: ModelRuntime;
  readonly #settings: BatcherSettings;
  readonly #nowMs: () => number;
  readonly #outbox: Outbox;
  readonly #queue: FairQueue<Waiting>;
  readonly #cache: PrefixCache;
  readonly #steps: StepRunner;
  readonly #pace = new Pace();
  readonly #streams: RunningStreams;
  #isRunning = false;

  constructor(
    runtime: ModelRuntime,
    settings: BatcherSettings,
    io: { readonly nowMs: () => number; readonly emit: (events: readonly BatchEvent[]) => void },
  ) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#nowMs = io.nowMs;
    this.#outbox = new Outbox(io);
    this.#streams = new RunningStreams(settings);
    this.#queue = new FairQueue();
    this.#cache = new PrefixCache(runtime, settings);
    this.#steps = new StepRunner(runtime, settings, io.nowMs);
  }

  get stats(): BatcherStats {
    return {
      running: this.#streams.size,
      queued: this.#queue.length,
      reservedTokens: this.#streams.reservedTokens,
      ...this.#steps.stats,
      ...this.#steps.recent,
      usedTokens: Math.min(this.#settings.cacheTokens, this.#streams.cells + this.#cache.heldTokens),
      cacheTokens: this.#settings.cacheTokens,
      prefix: this.#cache.stats,
    };
  }

  /** How long the step in progress has taken; 0 between steps. A hang shows here. */
  get stepAgeMs(): number {
    return this.#steps.ageMs;
  }

  /** Before the first request: see `StepRunner.warmUp`. */
  warmUp(): Promise<void> {
    return this.#steps.warmUp();
  }

  /** Takes a request into the queue, or says at once why not. Runs steps until nothing is left to do. */
  submit(request: GenerationRequest): Admission {
    const contextTokens = this.#contextTokens;
    const promptTokens = request.tokens.length;
    if (promptTokens + 1 > contextTokens) return { outcome: 'context-exceeded', promptTokens, contextTokens };
    const nowMs = this.#nowMs();
    const outputTokens = this.#outputLimit(request);
    const waiting: Waiting = {
      id: request.id,
      tenant: request.tenant,
      weight: request.weight,
      priority: request.priority,
      tokens: Math.min(promptTokens + outputTokens, this.#settings.cacheTokens),
      arrivedAtMs: nowMs,
      deadlineMs: nowMs + (request.timeoutMs ?? Infinity),
      request,
    };
    this.#queue.add(waiting);
    void this.#run();
    return { outcome: 'accepted' };
  }

  /** Stops a request: at once when it waits, after the current step when it runs; a step for nobody else is cut short. */
  abort(id: string): void {
    const waiting = this.#queue.remove(id);
    if (waiting !== undefined) {
      this.#outbox.push(cancelledBeforeStart(waiting, this.#nowMs()));
      this.#outbox.flush();
      return;
    }
    this.#streams.get(id)?.abort();
    this.#steps.stopIfUnwanted();
  }

  get #contextTokens(): number {
    return Math.min(this.#settings.contextTokens, this.#runtime.facts.contextTokens);
  }

  #outputLimit(request: GenerationRequest): number {
    const room = this.#contextTokens - request.tokens.length;
    return Math.min(request.sampling.maxOutputTokens ?? this.#settings.defaultOutputTokens, room);
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#prepare()) await this.#step();
    } finally {
      this.#isRunning = false;
    }
  }

  /** Ends what must end and admits what fits; false when there is nothing to run. */
  #prepare(): boolean {
    const nowMs = this.#nowMs();
    for (const stream of this.#streams.all) {
      if (stream.isAborted) this.#finish(stream, 'cancelled');
      else if (nowMs > stream.deadlineMs) this.#fail(stream, 'timed-out');
    }
    for (const late of this.#queue.filter((each) => nowMs > each.deadlineMs)) {
      this.#queue.remove(late.id);
      this.#outbox.push({ type: 'failed', id: late.id, code: 'timed-out' });
    }
    this.#admit(nowMs);
    if (this.#streams.size > 0) return true;
    this.#outbox.flush();
    return false;
  }

  #admit(nowMs: number): void {
    for (let { freeLane: lane } = this.#streams; lane !== undefined; lane = this.#streams.freeLane) {
      const next = this.#takeNext(lane, nowMs);
      if (next === undefined) return;
      this.#outbox.push({ type: 'started', id: next.id });
      const lease = this.#cache.acquire(next.request.salt, next.request.tokens, lane);
      if (lease === undefined) throw new Error('more streams than sequences');
      const sampler = this.#runtime.createSampler(next.request.sampling);
      const outputLimit = this.#outputLimit(next.request);
      this.#streams.add(new BatchStream({ ...next, lane, lease, sampler, startedMs: nowMs, outputLimit }));
    }
  }

  #takeNext(lane: Lane, nowMs: number): Waiting | undefined {
    const room = this.#settings.cacheTokens - this.#streams.reservedTokens;
    return this.#queue.take(
      nowMs,
      ({ tokens }) => tokens <= room,
      ({ tenant }) => lane === 'usual' || this.#queue.isModest(tenant),
    );
  }

  async #step(): Promise<void> {
    const participants = this.#pace.choose(this.#streams.all, {
      isModest: (tenant) => this.#queue.isModest(tenant),
      expectedMs: (streams) => this.#steps.expectedMs(streams),
    });
    const done = await this.#steps.run(participants, {
      makeRoom: () => this.#cache.evict(),
      // What the last step brought is sent off while the library works on this one.
      whileRunning: (expectedMs) => this.#outbox.flushUnlessSoon(expectedMs),
    });
    this.#pace.ran(this.#steps.stats.lastStepMs);
    if (done === undefined) {
      for (const stream of this.#streams.all) this.#fail(stream, 'step-failed');
      return;
    }
    for (const { stream, tokens } of done.prefill) this.#queue.charge(stream, tokens);
    for (const { stream, row } of done.outputs) this.#sample(stream, row);
  }

  #sample(stream: BatchStream, row: number): void {
    // What nobody will read is not drawn, and so not charged.
    if (stream.isAborted) return;
    if (stream.outputTokens === 0)
      this.#cache.publish(stream.lease.sequence, stream.salt, stream.promptTokens);
    const outcome = stream.take(row, this.#runtime, this.#nowMs());
    this.#queue.charge(stream, 1);
    if (outcome.text !== '') this.#outbox.push({ type: 'text', id: stream.id, text: outcome.text });
    if (outcome.reason !== undefined) this.#finish(stream, outcome.reason);
  }

  #finish(stream: BatchStream, reason: 'stop' | 'length' | 'cancelled'): void {
    const text = stream.finish(reason);
    if (text !== '') this.#outbox.push({ type: 'text', id: stream.id, text });
    const { usage } = stream;
    const timings = stream.timings(this.#nowMs());
    this.#outbox.push({ type: 'finished', id: stream.id, reason, usage, timings });
    this.#free(stream, stream.tokensInCells);
  }

  #fail(stream: BatchStream, code: 'timed-out' | 'step-failed'): void {
    this.#outbox.push({ type: 'failed', id: stream.id, code });
    // After a failed step nobody knows what is in the cells.
    this.#free(stream, code === 'step-failed' ? [] : stream.tokensInCells);
  }

  #free(stream: BatchStream, tokensInCells: readonly number[]): void {
    this.#streams.remove(stream);
    this.#queue.done(stream);
    stream.free();
    this.#cache.release(stream.lease.sequence, stream.salt, tokensInCells);
  }
}

function cancelledBeforeStart(waiting: Waiting, nowMs: number): BatchEvent {
  const queuedMs = nowMs - waiting.arrivedAtMs;
  return {
    type: 'finished',
    id: waiting.id,
    reason: 'cancelled',
    usage: { inputTokens: waiting.request.tokens.length, outputTokens: 0, cachedInputTokens: 0 },
    timings: { queuedMs, firstTokenMs: undefined, totalMs: queuedMs },
  };
}
