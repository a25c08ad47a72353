import type { FinishReason, Sampling, Usage } from '#core/index.ts';
import { FairQueue, type QueuedRequest } from './fair-queue.ts';
import type { ModelRuntime } from './model-runtime.ts';
import { Pace } from './pace.ts';
import { PrefixCache, type Lane, type PrefixCacheStats } from './prefix-cache.ts';
import { BatchStream } from './batch-stream.ts';
import type { MeterStats } from './step-meter.ts';
import { StepRunner } from './step-runner.ts';

/** A request for text, in tokens. */
export interface GenerationRequest {
  readonly id: string;
  readonly tokens: readonly number[];
  readonly sampling: Sampling;
  /** Only requests with the same salt share cached beginnings. */
  readonly salt: string;
  readonly tenant: string;
  readonly weight: number;
  readonly priority: number;
  /** From arrival to the last token; undefined for no limit. */
  readonly timeoutMs: number | undefined;
}

/** What happened to a request in a step. */
export type BatchEvent =
  | { readonly type: 'started'; readonly id: string }
  | { readonly type: 'text'; readonly id: string; readonly text: string }
  | {
      readonly type: 'finished';
      readonly id: string;
      readonly reason: Extract<FinishReason, 'stop' | 'length' | 'cancelled'>;
      readonly usage: Usage;
      readonly timings: StreamTimings;
    }
  | { readonly type: 'failed'; readonly id: string; readonly code: 'timed-out' | 'step-failed' };

/** Where the time of a request went, in milliseconds. */
export interface StreamTimings {
  readonly queuedMs: number;
  readonly firstTokenMs: number | undefined;
  readonly totalMs: number;
}

export interface BatcherSettings {
  readonly streams: number;
  /** More that may run for tenants that have had little while the others fill the rest. */
  readonly spareStreams: number;
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

/** Texts of a stream that goes on are sent no more often than this, where steps are shorter. */
const HOLD_MS = 4;

/**
 * Continuous batching over one model: admits requests, runs steps, samples, and hands out what each step brought.
 * Everything between two steps is synchronous; `run` waits only for the library. Time is handed in.
 */
export class Batcher {
  readonly #runtime: ModelRuntime;
  readonly #settings: BatcherSettings;
  readonly #nowMs: () => number;
  readonly #emit: (events: readonly BatchEvent[]) => void;
  readonly #queue: FairQueue<Waiting>;
  readonly #cache: PrefixCache;
  readonly #steps: StepRunner;
  readonly #pace = new Pace();
  readonly #streams = new Map<string, BatchStream>();
  #events: BatchEvent[] = [];
  /** Requests of which something was sent already. */
  readonly #said = new Set<string>();
  #flushedAtMs = -Infinity;
  #isRunning = false;

  constructor(
    runtime: ModelRuntime,
    settings: BatcherSettings,
    io: { readonly nowMs: () => number; readonly emit: (events: readonly BatchEvent[]) => void },
  ) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#nowMs = io.nowMs;
    this.#emit = io.emit;
    this.#queue = new FairQueue();
    this.#cache = new PrefixCache(runtime, settings);
    this.#steps = new StepRunner(runtime, settings, io.nowMs);
  }

  get stats(): BatcherStats {
    return {
      running: this.#streams.size,
      queued: this.#queue.length,
      reservedTokens: this.#reserved(),
      ...this.#steps.stats,
      ...this.#steps.recent,
      usedTokens: this.#usedTokens(),
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
      this.#events.push(cancelledBeforeStart(waiting, this.#nowMs()));
      this.#flush();
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
    for (const stream of this.#streams.values()) {
      if (stream.isAborted) this.#finish(stream, 'cancelled');
      else if (nowMs > stream.deadlineMs) this.#fail(stream, 'timed-out');
    }
    for (const late of this.#queue.filter((each) => nowMs > each.deadlineMs)) {
      this.#queue.remove(late.id);
      this.#events.push({ type: 'failed', id: late.id, code: 'timed-out' });
    }
    this.#admit(nowMs);
    if (this.#streams.size > 0) return true;
    this.#flush();
    return false;
  }

  #admit(nowMs: number): void {
    for (let lane = this.#freeLane(); lane !== undefined; lane = this.#freeLane()) {
      const next = this.#takeNext(lane, nowMs);
      if (next === undefined) return;
      this.#events.push({ type: 'started', id: next.id });
      const lease = this.#cache.acquire(next.request.salt, next.request.tokens, lane);
      if (lease === undefined) throw new Error('more streams than sequences');
      const sampler = this.#runtime.createSampler(next.request.sampling);
      this.#streams.set(
        next.id,
        new BatchStream({
          ...next,
          lane,
          lease,
          sampler,
          startedMs: nowMs,
          outputLimit: this.#outputLimit(next.request),
        }),
      );
    }
  }

  #freeLane(): Lane | undefined {
    const spare = [...this.#streams.values()].filter(({ lane }) => lane === 'spare').length;
    if (this.#streams.size - spare < this.#settings.streams) return 'usual';
    return spare < this.#settings.spareStreams ? 'spare' : undefined;
  }

  #takeNext(lane: Lane, nowMs: number): Waiting | undefined {
    const room = this.#settings.cacheTokens - this.#reserved();
    return this.#queue.take(
      nowMs,
      ({ tokens }) => tokens <= room,
      ({ tenant }) => lane === 'usual' || this.#queue.isModest(tenant),
    );
  }

  async #step(): Promise<void> {
    const participants = this.#pace.choose([...this.#streams.values()], {
      isModest: (tenant) => this.#queue.isModest(tenant),
      expectedMs: (streams) => this.#steps.expectedMs(streams),
    });
    const done = await this.#steps.run(participants, {
      makeRoom: () => this.#cache.evict(),
      // What the last step brought is sent off while the library works on this one.
      whileRunning: (expectedMs) => this.#flushUnlessSoon(expectedMs),
    });
    this.#pace.ran(this.#steps.stats.lastStepMs);
    if (done === undefined) {
      for (const stream of this.#streams.values()) this.#fail(stream, 'step-failed');
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
    if (outcome.text !== '') this.#events.push({ type: 'text', id: stream.id, text: outcome.text });
    if (outcome.reason !== undefined) this.#finish(stream, outcome.reason);
  }

  #finish(stream: BatchStream, reason: 'stop' | 'length' | 'cancelled'): void {
    const text = stream.finish(reason);
    if (text !== '') this.#events.push({ type: 'text', id: stream.id, text });
    const { usage } = stream;
    const timings = stream.timings(this.#nowMs());
    this.#events.push({ type: 'finished', id: stream.id, reason, usage, timings });
    this.#free(stream, stream.tokensInCells);
  }

  #fail(stream: BatchStream, code: 'timed-out' | 'step-failed'): void {
    this.#events.push({ type: 'failed', id: stream.id, code });
    // After a failed step nobody knows what is in the cells.
    this.#free(stream, code === 'step-failed' ? [] : stream.tokensInCells);
  }

  #free(stream: BatchStream, tokensInCells: readonly number[]): void {
    this.#streams.delete(stream.id);
    this.#queue.done(stream);
    stream.free();
    this.#cache.release(stream.lease.sequence, stream.salt, tokensInCells);
  }

  /**
   * Steps of less than a millisecond bring more messages than anybody can see: what goes on is held for a few steps.
   * What begins or ends goes at once, and nothing waits for a long step.
   */
  #flushUnlessSoon(expectedMs = Infinity): void {
    const isGoingOn = this.#events.every(
      ({ id, type }) => type === 'started' || (type === 'text' && this.#said.has(id)),
    );
    const isSoon = expectedMs < HOLD_MS && this.#nowMs() - this.#flushedAtMs < HOLD_MS;
    if (!(isGoingOn && isSoon)) this.#flush();
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    this.#flushedAtMs = this.#nowMs();
    for (const { id, type } of this.#events) {
      if (type === 'text') this.#said.add(id);
      else this.#said.delete(id);
    }
    const events = this.#events;
    this.#events = [];
    this.#emit(events);
  }

  #reserved(): number {
    return [...this.#streams.values()].reduce((sum, stream) => sum + stream.reservedTokens, 0);
  }

  #usedTokens(): number {
    const running = [...this.#streams.values()].reduce((sum, stream) => sum + stream.cells, 0);
    return Math.min(this.#settings.cacheTokens, running + this.#cache.heldTokens);
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
