import { setTimeout } from 'node:timers/promises';
import { AppError, type AnswerRequest } from '#core/index.ts';

const ANSWERS_MS = 30_000;
/** After the answers were told to end: time to say so and to close their records. */
const LAST_WORDS_MS = 2_000;
/** Probes and balancers must see that we are going before we are gone. */
const LEAST_MS = 200;

/** From ready to gone: who is told what while the server stops. */
export class Drain {
  readonly #live = new Set<Promise<void>>();
  readonly #end = new AbortController();
  #state: 'starting' | 'ready' | 'draining' = 'starting';

  get isReady(): boolean {
    return this.#state === 'ready';
  }
  get isDraining(): boolean {
    return this.#state === 'draining';
  }
  setReady(): void {
    this.#state = 'ready';
  }

  /** Follows an answer while it is made, so that stopping can wait for it, and end it when it takes too long. */
  async *follow<Item>(
    answer: (request: AnswerRequest) => AsyncIterable<Item>,
    request: AnswerRequest,
  ): AsyncGenerator<Item> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#live.add(promise);
    try {
      yield* answer({ ...request, signal: AbortSignal.any([request.signal, this.#end.signal]) });
      if (this.#end.signal.aborted)
        throw new AppError('server.draining', 'The server stops. Ask again in a moment.');
    } finally {
      this.#live.delete(promise);
      resolve();
    }
  }

  /** No longer ready from the first line on; resolves when no answer runs any more, at most 32 seconds later. */
  async run(): Promise<void> {
    this.#state = 'draining';
    const least = setTimeout(LEAST_MS);
    await this.#untilQuiet(ANSWERS_MS);
    if (this.#live.size > 0) {
      this.#end.abort(new AppError('server.draining', 'The server stops.'));
      await this.#untilQuiet(LAST_WORDS_MS);
    }
    await least;
  }

  async #untilQuiet(limitMs: number): Promise<void> {
    const limit = new AbortController();
    await Promise.race([
      Promise.all(this.#live),
      setTimeout(limitMs, undefined, { signal: limit.signal }).catch(() => undefined),
    ]);
    limit.abort();
  }
}
