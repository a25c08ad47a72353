import type { Clock } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';
import { EgressError, readLimited, type Egress } from '#platform/index.ts';
import type { Breaker } from './breaker.ts';

export interface UpstreamDeps {
  readonly egress: Pick<Egress, 'send'>;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly baseUrl: URL;
  /** Read from where the operator keeps it; sent to this engine only. */
  readonly apiKey: string | undefined;
  /** Name of the engine, for people. */
  readonly name: string;
}

const MAX_ATTEMPTS = 2;
const MAX_ERROR_BYTES = 65_536;
/** Statuses after which the same request may succeed: the engine was starting, or had too much to do. */
const RETRYABLE = new Set([502, 503, 504]);

/** Calls one engine: breaker, one retry before the first byte, and failures in our own words. */
export class UpstreamClient {
  readonly #deps: UpstreamDeps;
  constructor(deps: UpstreamDeps) {
    this.#deps = deps;
  }

  get name(): string {
    return this.#deps.name;
  }

  /**
   * Posts JSON and resolves with the body once the engine said yes. What may be retried is retried once, before any
   * byte of the answer. @throws {AppError} engine.unavailable, engine.overloaded, model.not_found, input.invalid,
   * model.context_exceeded; the signal's reason when it aborted.
   */
  async post(path: string, payload: object, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    for (let attempt = 1; ; attempt++) {
      this.#admit();
      try {
        const body = await this.#try(path, payload, signal);
        return this.#watched(body, signal);
      } catch (error) {
        this.#settle(error, signal);
        if (attempt >= MAX_ATTEMPTS || signal.aborted || !isWorthRetrying(error)) throw this.#inWords(error);
      }
    }
  }

  /** Posts JSON and reads the JSON that comes back, at most `maxBytes` of it. */
  async postJson(
    path: string,
    payload: object,
    options: { signal: AbortSignal; maxBytes: number },
  ): Promise<unknown> {
    const text = await readLimited(await this.post(path, payload, options.signal), options.maxBytes);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new AppError('engine.unavailable', `The engine "${this.name}" did not answer with JSON.`, {
        cause: error,
      });
    }
  }

  #admit(): void {
    const { breaker, clock } = this.#deps;
    const waitMs = breaker.waitMs(clock.monotonicMs());
    if (waitMs > 0) {
      throw new AppError(
        'engine.unavailable',
        `The engine "${this.name}" failed repeatedly and is left alone for a while.`,
        {
          retryAfterSeconds: Math.ceil(waitMs / 1000),
        },
      );
    }
    breaker.begin();
  }

  async #try(path: string, payload: object, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { egress, baseUrl, apiKey } = this.#deps;
    const url = new URL(`${baseUrl.pathname.replace(/\/$/, '')}${path}`, baseUrl);
    const response = await egress.send({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(payload),
      signal,
    });
    if (response.status === 200) return response.body;
    // Read so that the connection can be used again; its words are the engine's, not for our callers.
    const text = await readLimited(response.body, MAX_ERROR_BYTES).catch(() => '');
    throw new StatusError(response.status, text);
  }

  /** Tells the breaker how the body ended, and our caller in our words when it broke. */
  async *#watched(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let isOver = false;
    try {
      yield* body;
      isOver = true;
      this.#deps.breaker.succeeded();
    } catch (error) {
      isOver = true;
      this.#settle(error, signal);
      throw this.#inWords(error);
    } finally {
      // The reader had enough, or a line was refused: the engine did answer.
      if (!isOver) this.#deps.breaker.succeeded();
    }
  }

  #settle(error: unknown, signal: AbortSignal): void {
    const { breaker, clock } = this.#deps;
    if (signal.aborted) breaker.abandoned();
    else if (error instanceof StatusError && error.status < 500) breaker.succeeded();
    else breaker.failed(clock.monotonicMs());
  }

  #inWords(error: unknown): unknown {
    const { name } = this.#deps;
    if (error instanceof StatusError) return error.inWords(name);
    if (!(error instanceof EgressError)) return error;
    const said = {
      'refused-address': `The address of the engine "${name}" leads to a place that is not allowed.`,
      unreachable: `The engine "${name}" cannot be reached.`,
      'timed-out': `The engine "${name}" did not answer in time.`,
      'broken-off': `The engine "${name}" broke off.`,
    }[error.reason];
    return new AppError('engine.unavailable', said, { cause: error });
  }
}

/** An engine's own refusal. */
class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  readonly #text: string;
  constructor(status: number, text: string) {
    super(`status ${status}`);
    this.status = status;
    this.#text = text;
  }

  inWords(engine: string): AppError {
    const options = { cause: this, details: { engine, status: this.status } };
    if (this.status === 400 && /context|too long|maximum.*tokens/i.test(this.#text)) {
      return new AppError(
        'model.context_exceeded',
        `The conversation is too long for the engine "${engine}".`,
        options,
      );
    }
    if (this.status === 404)
      return new AppError('model.not_found', `The engine "${engine}" has no such model.`, options);
    if (this.status === 429 || this.status === 503) {
      return new AppError('engine.overloaded', `The engine "${engine}" has too much to do.`, options);
    }
    if (this.status === 400 || this.status === 422) {
      return new AppError('input.invalid', `The engine "${engine}" does not accept this request.`, options);
    }
    return new AppError(
      'engine.unavailable',
      `The engine "${engine}" failed (status ${this.status}).`,
      options,
    );
  }
}

function isWorthRetrying(error: unknown): boolean {
  if (error instanceof StatusError) return RETRYABLE.has(error.status);
  return error instanceof EgressError && error.reason === 'unreachable';
}
