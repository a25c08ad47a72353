import type { BatchStream } from './batch-stream.ts';
import { ChunkController } from './chunk-controller.ts';
import type { ModelRuntime, StepOutcome } from './model-runtime.ts';
import { RowOrders, type RowOrder } from './row-order.ts';
import { StepMeter, type MeterStats } from './step-meter.ts';
import { TILE, planStep, readingOrder } from './step-planner.ts';

const WARM_UP_ROWS = 8;
const WARM_UP_MOST_MS = 1_000;
/** Steps below this are computed on the thread that listens: nobody notices that it listens a little later. */
const SHORT_MS = 25;

export interface StepRunnerSettings {
  readonly streams: number;
  readonly stepTargetMs: number;
  readonly batchTokens: number;
  /** Whether all sequences lie in one cache; otherwise the order of rows decides which go through side by side. */
  readonly isUnified: boolean;
}

export interface StepHooks {
  /** Frees cells; says whether it could. */
  readonly makeRoom: () => boolean;
  /**
   * Called as the step begins: once it was handed to another thread, or before this one is busy with it.
   * @param expectedMs what the step should take; undefined where that is not known.
   */
  readonly whileRunning: (expectedMs: number | undefined) => void;
}

/** A row of a step whose output is a stream's next token. */
export interface StepOutput {
  readonly stream: BatchStream;
  readonly row: number;
}

/** What a step did. */
export interface StepResult {
  readonly outputs: readonly StepOutput[];
  readonly prefill: readonly { readonly stream: BatchStream; readonly tokens: number }[];
}

/** A step before it is run. */
interface ComposedStep {
  readonly running: readonly BatchStream[];
  /** Prompt tokens of streams that are still read. */
  readonly parts: ReadonlyMap<BatchStream, number>;
  readonly order: RowOrder;
  /** What the running streams alone would take. */
  readonly decodeMs: number;
  /** Where the first part begins in its prompt. */
  readonly position: number;
}

/** Puts steps together, runs them on the model and learns from what they take. */
export class StepRunner {
  readonly #runtime: ModelRuntime;
  readonly #settings: StepRunnerSettings;
  readonly #nowMs: () => number;
  readonly #chunks: ChunkController;
  readonly #orders = new RowOrders();
  readonly #meter: StepMeter;
  /** When each stream had its last token. */
  readonly #tokenAtMs = new WeakMap<BatchStream, number>();
  #steps = 0;
  #lastMs = 0;
  #startedMs: number | undefined;
  /** Those that take part in the step in progress. */
  #inStep: readonly BatchStream[] = [];

  constructor(runtime: ModelRuntime, settings: StepRunnerSettings, nowMs: () => number) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#nowMs = nowMs;
    this.#chunks = new ChunkController(settings.stepTargetMs, settings.batchTokens);
    this.#meter = new StepMeter(settings.streams);
  }

  get stats() {
    return {
      steps: this.#steps,
      lastStepMs: this.#lastMs,
      prefillTokensPerSecond: this.#chunks.tokensPerSecond,
    };
  }

  /** What a step takes that gives so many streams their next tokens; 0 while nothing is known. */
  expectedMs(streams: number): number {
    return this.#orders.expectedMs(streams);
  }

  /** How the last steps went; sorts, so it is not for every request. */
  get recent(): MeterStats {
    return this.#meter.stats;
  }

  /** How long the step in progress has taken; 0 between steps. */
  get ageMs(): number {
    return this.#startedMs === undefined ? 0 : this.#nowMs() - this.#startedMs;
  }

  /**
   * Runs one step for these streams: a token for each that runs, and parts of prompts. Undefined when the step failed.
   */
  async run(streams: readonly BatchStream[], hooks: StepHooks): Promise<StepResult | undefined> {
    const step = this.#compose(streams);
    const { running, parts, order, decodeMs } = step;
    const outputs = this.#addRows(running, parts, order);
    const isKnown = parts.size === 0 && decodeMs > 0;
    this.#inStep = [...running, ...parts.keys()];
    const outcome = await this.#decode(hooks, isKnown ? decodeMs : undefined);
    if (outcome === 'interrupted') return this.#undo();
    if (outcome !== 'done') return undefined;
    this.#learn(step);
    this.#noteTokens(outputs);
    return { outputs, prefill: [...parts].map(([stream, tokens]) => ({ stream, tokens })) };
  }

  /** Chooses what goes into a step. */
  #compose(streams: readonly BatchStream[]): ComposedStep {
    const byId = new Map(streams.map((stream) => [stream.id, stream]));
    const planned = streams.map((stream) => stream.planned);
    const decoding = planned.filter(({ remainingPrompt }) => remainingPrompt === 0).length;
    const decodeMs = this.#orders.expectedMs(decoding);
    const order = this.#orderOf(decoding, decoding < planned.length);
    const isMixed = order === 'together' && decoding > 0 && !this.#settings.isUnified;
    const { position = 0, remainingPrompt = 0 } = readingOrder(planned)[0] ?? {};
    const load = { decoding, decodeMs, position, length: position + remainingPrompt };
    const plan = planStep(planned, {
      prefillBudget: this.#chunks.budget(load),
      mostTokens: this.#settings.batchTokens,
      isMixed,
    });
    const parts = new Map(plan.prefill.map(({ id, tokens }) => [byId.get(id)!, tokens]));
    const running = plan.decode.map((id) => byId.get(id)!);
    if (order === 'together' && !this.#settings.isUnified)
      fillGaps(parts, { running, streams, most: this.#settings.batchTokens });
    return { running, parts, order, decodeMs, position };
  }

  #learn({ running, parts, order, decodeMs, position }: ComposedStep): void {
    const elapsedMs = this.#lastMs;
    const prefill = [...parts.values()].reduce((sum, tokens) => sum + tokens, 0);
    if (prefill === 0) this.#orders.observe(running.length, order, elapsedMs);
    else this.#chunks.observe({ prefill, decodeMs, position, elapsedMs });
    this.#meter.step({
      streams: running.length + parts.size,
      decodeTokens: running.length,
      prefillTokens: prefill,
      decodeMs,
      elapsedMs,
    });
  }

  /** Interrupts the step in progress when nobody is left to read what it brings. */
  stopIfUnwanted(): void {
    if (this.#startedMs !== undefined && this.#inStep.every(({ isAborted }) => isAborted))
      this.#runtime.interrupt();
  }

  #undo(): StepResult {
    for (const stream of this.#inStep) stream.undoStep(this.#runtime);
    return { outputs: [], prefill: [] };
  }

  #noteTokens(outputs: readonly StepOutput[]): void {
    const nowMs = this.#nowMs();
    for (const { stream } of outputs) {
      const before = this.#tokenAtMs.get(stream);
      if (before !== undefined) this.#meter.gap(nowMs - before);
      this.#tokenAtMs.set(stream, nowMs);
    }
  }

  /**
   * Runs a tile of any token before anybody waits: weights are read from the disk, and what a token costs is known when
   * the first prompt comes. A machine that takes long for a few rows is spared the tile.
   */
  async warmUp(): Promise<void> {
    for (const rows of [WARM_UP_ROWS, TILE]) {
      if (rows > this.#settings.batchTokens) return;
      this.#runtime.clearBatch();
      for (let position = 0; position < rows; position++)
        this.#runtime.addRow({ token: 0, position, sequence: 0, wantsOutput: position === rows - 1 });
      const outcome = await this.#decode({ makeRoom: () => false, whileRunning: () => undefined });
      this.#runtime.trimSequence(0, 0);
      if (outcome !== 'done' || this.#lastMs > WARM_UP_MOST_MS) return;
      this.#chunks.observe({ prefill: rows, decodeMs: 0, position: 0, elapsedMs: this.#lastMs });
    }
  }

  #orderOf(decoding: number, hasPrompts: boolean): RowOrder {
    return hasPrompts ? this.#orders.best(decoding) : this.#orders.choose(decoding);
  }

  /**
   * The library takes sequences side by side only while their numbers rise one by one from row to row: rows in rising
   * order go together, rows in falling order each by themselves.
   */
  #addRows(
    running: readonly BatchStream[],
    parts: ReadonlyMap<BatchStream, number>,
    order: RowOrder,
  ): StepOutput[] {
    const sign = order === 'together' ? 1 : -1;
    const sorted = [...running, ...parts.keys()].toSorted(
      (a, b) => sign * (a.lease.sequence - b.lease.sequence),
    );
    this.#runtime.clearBatch();
    return sorted.flatMap((stream) => {
      const tokens = parts.get(stream);
      return tokens === undefined
        ? stream.addNextToken(this.#runtime)
        : stream.addPrompt(this.#runtime, tokens);
    });
  }

  async #decode({ makeRoom, whileRunning }: StepHooks, expectedMs?: number): Promise<StepOutcome | 'failed'> {
    const startedMs = this.#nowMs();
    this.#startedMs = startedMs;
    try {
      const isShort = expectedMs !== undefined && expectedMs < SHORT_MS;
      if (isShort) whileRunning(expectedMs);
      const running = this.#runtime.decode(isShort ? 'short' : 'long');
      if (!isShort) whileRunning(expectedMs);
      let outcome = await running;
      // Running streams are admitted by their reservations, so what is in the way are kept beginnings.
      while (outcome === 'no-room' && makeRoom()) outcome = await this.#runtime.decode();
      return outcome;
    } catch {
      // The library's message went to stderr; the streams learn that their step failed.
      return 'failed';
    } finally {
      this.#steps += 1;
      this.#lastMs = this.#nowMs() - startedMs;
      this.#startedMs = undefined;
    }
  }
}

/**
 * A prompt that waits between running streams gets one token: without it the streams on its two sides would go through
 * the model in two parts, which costs more than the token.
 */
function fillGaps(
  parts: Map<BatchStream, number>,
  {
    running,
    streams,
    most,
  }: {
    readonly running: readonly BatchStream[];
    readonly streams: readonly BatchStream[];
    readonly most: number;
  },
): void {
  let room = [...parts.values()].reduce((left, tokens) => left - tokens, most - running.length);
  const numbers = running.map(({ lease }) => lease.sequence);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  for (const stream of streams) {
    const { sequence } = stream.lease;
    const isBetween = sequence > first && sequence < last;
    if (!isBetween || room <= 0 || parts.has(stream) || stream.planned.remainingPrompt < 2) continue;
    parts.set(stream, 1);
    room -= 1;
  }
}
