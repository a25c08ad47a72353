import type { FinishReason, Usage } from '#core/index.ts';
import type { GenerationRequest, StreamTimings } from './generation.ts';
import type { ModelRuntime, TokenSampler } from './model-runtime.ts';
import type { Lane, Lease } from './prefix-cache.ts';
import type { PlannedStream } from './step-planner.ts';
import { TextStream } from './text-stream.ts';

export interface BatchStreamStart {
  readonly request: GenerationRequest;
  readonly lane: Lane;
  readonly lease: Lease;
  readonly sampler: TokenSampler;
  readonly arrivedAtMs: number;
  readonly deadlineMs: number;
  readonly startedMs: number;
  readonly outputLimit: number;
  readonly tokens: number;
}

/** One request while it runs: how far its prompt is, what it said, and why it ends. */
export class BatchStream {
  readonly id: string;
  readonly tenant: string;
  readonly weight: number;
  readonly salt: string;
  readonly lane: Lane;
  readonly lease: Lease;
  readonly deadlineMs: number;
  readonly #start: BatchStreamStart;
  readonly #text: TextStream;
  readonly #output: number[] = [];
  #fed: number;
  /** As it was before the step in progress. */
  #fedBefore: number;
  #firstTokenMs: number | undefined;
  #isAborted = false;

  constructor(start: BatchStreamStart) {
    this.#start = start;
    this.id = start.request.id;
    this.tenant = start.request.tenant;
    this.weight = start.request.weight;
    this.salt = start.request.salt;
    this.lane = start.lane;
    this.lease = start.lease;
    this.deadlineMs = start.deadlineMs;
    this.#text = new TextStream(start.request.sampling.stop ?? []);
    this.#fed = start.lease.cachedTokens;
    this.#fedBefore = this.#fed;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  get outputTokens(): number {
    return this.#output.length;
  }

  get promptTokens(): readonly number[] {
    return this.#start.request.tokens;
  }

  /** Most cells it may come to need. */
  get reservedTokens(): number {
    return this.#start.tokens;
  }

  /** Tokens in the cache's cells. */
  get cells(): number {
    return this.#fed;
  }

  get tokensInCells(): number[] {
    return [...this.promptTokens, ...this.#output].slice(0, this.#fed);
  }

  get remainingPrompt(): number {
    return Math.max(0, this.promptTokens.length - this.#fed);
  }

  get planned(): PlannedStream {
    return {
      id: this.id,
      remainingPrompt: this.remainingPrompt,
      position: this.#fed,
      priority: this.#start.request.priority,
      arrival: this.#start.arrivedAtMs,
    };
  }

  get usage(): Usage {
    return {
      inputTokens: this.promptTokens.length,
      outputTokens: this.#output.length,
      cachedInputTokens: this.lease.cachedTokens,
    };
  }

  timings(nowMs: number): StreamTimings {
    const { arrivedAtMs, startedMs } = this.#start;
    return {
      queuedMs: startedMs - arrivedAtMs,
      firstTokenMs: this.#firstTokenMs === undefined ? undefined : this.#firstTokenMs - arrivedAtMs,
      totalMs: nowMs - arrivedAtMs,
    };
  }

  abort(): void {
    this.#isAborted = true;
  }

  /** Adds the last token drawn to the batch; its row will bring the next. */
  addNextToken(runtime: ModelRuntime): { stream: BatchStream; row: number }[] {
    const token = this.#output.at(-1)!;
    this.#fedBefore = this.#fed;
    const row = runtime.addRow({
      token,
      position: this.#fed,
      sequence: this.lease.sequence,
      wantsOutput: true,
    });
    this.#fed += 1;
    return [{ stream: this, row }];
  }

  /** Adds the next part of the prompt; only its very last token brings an output. */
  addPrompt(runtime: ModelRuntime, count: number): { stream: BatchStream; row: number }[] {
    const end = this.#fed + count;
    const isLast = end === this.promptTokens.length;
    let row = -1;
    this.#fedBefore = this.#fed;
    for (; this.#fed < end; this.#fed++) {
      const token = this.promptTokens[this.#fed]!;
      const wantsOutput = isLast && this.#fed === end - 1;
      row = runtime.addRow({ token, position: this.#fed, sequence: this.lease.sequence, wantsOutput });
    }
    return isLast ? [{ stream: this, row }] : [];
  }

  /** Takes back what it added to a step that was interrupted. */
  undoStep(runtime: ModelRuntime): void {
    this.#fed = this.#fedBefore;
    runtime.trimSequence(this.lease.sequence, this.#fed);
  }

  /** Draws the next token; says what text it brought and whether it was the last. */
  take(
    row: number,
    runtime: ModelRuntime,
    nowMs: number,
  ): { readonly text: string; readonly reason: Extract<FinishReason, 'stop' | 'length'> | undefined } {
    const token = this.#start.sampler.sample(row);
    this.#output.push(token);
    this.#firstTokenMs ??= nowMs;
    if (runtime.isEnd(token)) return { text: '', reason: 'stop' };
    const { text, isStopped } = this.#text.push(runtime.pieceOf(token));
    if (isStopped) return { text, reason: 'stop' };
    return { text, reason: this.#output.length >= this.#start.outputLimit ? 'length' : undefined };
  }

  /** Text still held back. After an abort nobody reads it. */
  finish(reason: FinishReason): string {
    return reason === 'cancelled' ? '' : this.#text.finish();
  }

  free(): void {
    this.#start.sampler.free();
  }
}
