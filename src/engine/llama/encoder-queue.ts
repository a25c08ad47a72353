import type { ModelRuntime } from './model-runtime.ts';

export interface EncoderLimits {
  /** Most tokens in one step; longer texts are cut by the callers. */
  readonly batchTokens: number;
  readonly sequences: number;
  /** How long one step should take at most, so that a question need not wait for a whole library. */
  readonly stepTargetMs: number;
}

type Vector = Float32Array<ArrayBuffer>;

interface Job {
  readonly id: string;
  readonly lists: readonly (readonly number[])[];
  readonly isUrgent: boolean;
  readonly outputs: Vector[];
  readonly settle: (outcome: Vector[] | Error) => void;
  /** Lists that went into a step so far. */
  taken: number;
}

/** A list of a job in a step. */
interface Row {
  readonly job: Job;
  readonly tokens: readonly number[];
}

/** Tokens of the first step, before it is known what one costs. */
const FIRST_STEP_TOKENS = 256;
const NEW_WEIGHT = 0.3;

/**
 * Runs token lists through an encoder, as many in one step as fit, those of different callers side by side. Between
 * two steps the urgent go first: a question that comes while a folder of documents is embedded waits for one step.
 */
export class EncoderQueue {
  readonly #runtime: ModelRuntime;
  readonly #limits: EncoderLimits;
  readonly #nowMs: () => number;
  #jobs: Job[] = [];
  #isRunning = false;
  #msPerToken: number | undefined;
  #stepStartedMs: number | undefined;

  constructor(runtime: ModelRuntime, limits: EncoderLimits, nowMs: () => number) {
    this.#runtime = runtime;
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** How long the step in progress has taken; 0 between steps. A hang shows here. */
  get stepAgeMs(): number {
    return this.#stepStartedMs === undefined ? 0 : this.#nowMs() - this.#stepStartedMs;
  }

  /** Lists that wait. */
  get waiting(): number {
    return this.#jobs.reduce((sum, { lists, taken }) => sum + lists.length - taken, 0);
  }

  /** The pooled output of each list, in order. @throws {Error} when the library fails, or after `abort`. */
  run(
    id: string,
    lists: readonly (readonly number[])[],
    { isUrgent }: { readonly isUrgent: boolean },
  ): Promise<Vector[]> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: Vector[] | Error) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      this.#jobs.push({ id, lists, isUrgent, outputs: [], settle, taken: 0 });
      void this.#run();
    });
  }

  /** Drops what has not been computed yet. */
  abort(id: string): void {
    this.#end(
      this.#jobs.filter((job) => job.id === id),
      new Error('nobody waits for it any more'),
    );
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let rows = this.#nextRows(); rows.length > 0; rows = this.#nextRows()) await this.#serve(rows);
    this.#isRunning = false;
  }

  /** Runs one step and ends the jobs that are whole; a step that fails ends those that were in it. */
  async #serve(rows: readonly Row[]): Promise<void> {
    try {
      const outputs = await this.#step(rows);
      for (const [index, { job }] of rows.entries()) job.outputs.push(outputs[index]!);
    } catch (error) {
      const reason = error instanceof Error ? error : new Error('the step failed');
      this.#end(
        rows.map(({ job }) => job),
        reason,
      );
      return;
    }
    for (const { job } of rows) if (job.outputs.length === job.lists.length) this.#end([job], job.outputs);
  }

  /** What goes into the next step: the urgent first, then in the order of arrival. At least one list. */
  #nextRows(): Row[] {
    for (const job of this.#jobs) if (job.lists.length === 0) this.#end([job], []);
    const ordered = this.#jobs.toSorted((a, b) => Number(b.isUrgent) - Number(a.isUrgent));
    const rows: Row[] = [];
    let room = this.#budget();
    for (const job of ordered) {
      while (job.taken < job.lists.length && rows.length < this.#limits.sequences) {
        const tokens = job.lists[job.taken]!;
        if (rows.length > 0 && tokens.length > room) return rows;
        rows.push({ job, tokens });
        room -= tokens.length;
        job.taken += 1;
      }
    }
    return rows;
  }

  #budget(): number {
    const { batchTokens, stepTargetMs } = this.#limits;
    const wanted = this.#msPerToken === undefined ? FIRST_STEP_TOKENS : stepTargetMs / this.#msPerToken;
    return Math.min(batchTokens, Math.floor(wanted));
  }

  async #step(rows: readonly Row[]): Promise<Vector[]> {
    const runtime = this.#runtime;
    runtime.clearBatch();
    for (const [sequence, { tokens }] of rows.entries()) {
      for (const [position, token] of tokens.entries())
        runtime.addRow({ token, position, sequence, wantsOutput: true });
    }
    const startedMs = this.#nowMs();
    this.#stepStartedMs = startedMs;
    try {
      if ((await runtime.decode()) !== 'done') throw new Error('the texts do not fit the cache');
    } finally {
      this.#stepStartedMs = undefined;
    }
    this.#learn(rows, this.#nowMs() - startedMs);
    return rows.map((_, sequence) => {
      const output = runtime.pooled(sequence);
      // Encoders made of a writing model keep cells; the next step needs their room.
      runtime.trimSequence(sequence, 0);
      return output;
    });
  }

  #learn(rows: readonly Row[], elapsedMs: number): void {
    const tokens = rows.reduce((sum, row) => sum + row.tokens.length, 0);
    const perToken = Math.max(0.001, elapsedMs / Math.max(1, tokens));
    this.#msPerToken =
      this.#msPerToken === undefined ? perToken : this.#msPerToken * (1 - NEW_WEIGHT) + perToken * NEW_WEIGHT;
  }

  #end(jobs: readonly Job[], outcome: Vector[] | Error): void {
    this.#jobs = this.#jobs.filter((job) => !jobs.includes(job));
    for (const job of jobs) job.settle(outcome);
  }
}

/** The vector at length one; a zero vector stays zero. */
export function normalised(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** A logit as a relevance from 0 to 1. */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
