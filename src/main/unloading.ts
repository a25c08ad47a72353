import { setTimeout } from 'node:timers/promises';
import type { LocalModel } from './start-local-model.ts';

/** Answers under way may take so long to finish before they are ended. */
const FINISH_MS = 30_000;
const LOOK_EVERY_MS = 50;

/**
 * A model on its way out: nobody new reaches it, and what it had begun it may finish, for half a minute. Then its
 * process ends and its memory is free; answers still under way hear that the model was stopped.
 */
export class Unloading {
  readonly kind = 'unloading';
  readonly local: LocalModel;
  /** Whether the process has ended; false when the unloading was called off in time. */
  readonly isGone: Promise<boolean>;
  readonly #wake = new AbortController();
  #isKept = false;

  constructor(local: LocalModel) {
    this.local = local;
    this.isGone = this.#run();
  }

  /** Calls it off. False when it is too late: the process has ended. */
  async keep(): Promise<boolean> {
    this.#isKept = true;
    this.#wake.abort();
    return !(await this.isGone);
  }

  /** Ends the process now. */
  async hurry(): Promise<void> {
    this.#wake.abort();
    await this.isGone;
  }

  async #run(): Promise<boolean> {
    const signal = AbortSignal.any([AbortSignal.timeout(FINISH_MS), this.#wake.signal]);
    while (!this.local.engine.isIdle() && !signal.aborted)
      await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (this.#isKept) return false;
    await this.local.engine[Symbol.asyncDispose]();
    return true;
  }
}
