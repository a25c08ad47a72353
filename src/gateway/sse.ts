import type { Writable } from 'node:stream';
import { isAppError } from '#core/index.ts';
import type { ErrorDialect } from './error-body.ts';
import { toErrorResponse } from './error-body.ts';

/** How an event becomes bytes. JSON has no raw line ends, so an event cannot be broken in two. */
export interface Framing {
  readonly contentType: string;
  frame(text: string): string;
}
export const SERVER_SENT_EVENTS: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  frame: (text) => `data: ${text}\n\n`,
};
/** One JSON object a line, as Ollama streams. */
export const JSON_LINES: Framing = {
  contentType: 'application/x-ndjson; charset=utf-8',
  frame: (text) => `${text}\n`,
};

/**
 * Takes an event as JSON. A promise asks to wait until it resolves before the next. @throws {Error} when nobody reads
 * any more.
 */
export type WriteEvent = (json: string) => Promise<void> | undefined;

/** What a route streams. */
export interface EventReply {
  readonly kind: 'events';
  readonly framing: Framing;
  /**
   * Events at the start that say nothing yet: what fails before the next one is a status. Undefined where the head goes
   * out before any event.
   */
  readonly opening?: number;
  /** Said at the end of a stream that ended well; nothing after a failure. */
  readonly done?: string;
  /** Writes every event; its end is the end of the stream. */
  send(write: WriteEvent): Promise<void>;
}

/** Sends events as they come, each as the texts that `encode` makes of it. When nobody reads on, they end. */
export function sending<Event>(
  events: AsyncIterable<Event>,
  encode: (event: Event) => readonly string[],
): EventReply['send'] {
  return async (write) => {
    for await (const event of events)
      for (const text of encode(event)) {
        const wait = write(text);
        if (wait !== undefined) await wait;
      }
  };
}

interface StreamOptions {
  readonly dialect: ErrorDialect;
  readonly requestId: string;
  /** Aborts with a failure as its reason when the stream must end at once, whatever is still to come. */
  readonly signal: AbortSignal;
  onError(error: unknown): void;
}

/** So much is never held back for the end of the turn. */
const MOST_PENDING = 16_384;

/**
 * A stream of events on its way to a client, one object a request. What is written in one turn of the event loop
 * leaves as one piece: a system call costs more than everything else that is done for an event.
 */
export class EventStream {
  readonly #reply: EventReply;
  readonly #options: StreamOptions;
  readonly #begun = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();
  #response: Writable | undefined;
  #openingLeft: number;
  #pending = '';
  #isScheduled = false;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(reply: EventReply, options: StreamOptions) {
    this.#reply = reply;
    this.#options = options;
    this.#openingLeft = reply.opening ?? 0;
  }

  /** Starts, and resolves when the head may go out. Rejects with what failed before. */
  begin(): Promise<void> {
    const { signal } = this.#options;
    const cut = (): void => {
      // Without a failure as its reason it is the client who hung up: what is behind the stream ends by itself.
      if (isAppError(signal.reason)) this.#fail(signal.reason);
    };
    signal.addEventListener('abort', cut);
    if (signal.aborted) cut();
    if (this.#reply.opening === undefined) this.#begun.resolve();
    void this.#run().finally(() => signal.removeEventListener('abort', cut));
    return this.#begun.promise;
  }

  /** Goes on with a response whose head is set. */
  open(response: Writable): void {
    this.#response = response;
    const onClose = (): void => {
      this.#isOver = true;
      this.#drained?.resolve();
    };
    if (response.destroyed) onClose();
    else response.once('close', onClose);
    if (this.#failure !== undefined) this.#fail(this.#failure.error);
    this.#flush();
    this.#opened.resolve();
  }

  async #run(): Promise<void> {
    try {
      await this.#reply.send((json) => this.#write(json));
      this.#begun.resolve();
      await this.#opened.promise;
      const { done, framing } = this.#reply;
      this.#end(done === undefined ? '' : framing.frame(done));
    } catch (error) {
      this.#fail(error);
    }
  }

  #write(json: string): Promise<void> | undefined {
    if (this.#isOver || this.#failure !== undefined) throw new Error('nobody reads this stream any more');
    this.#pending += this.#reply.framing.frame(json);
    if (this.#response === undefined) {
      if (this.#openingLeft-- > 0) return undefined;
      this.#begun.resolve();
      return this.#opened.promise;
    }
    if (this.#pending.length >= MOST_PENDING) this.#flush();
    else this.#schedule();
    return this.#drained?.promise;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Runs when everything that this turn brought has been written.
    process.nextTick(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#pending === '' || this.#isOver || this.#response === undefined) return;
    const text = this.#pending;
    this.#pending = '';
    if (this.#response.write(text) || this.#drained !== undefined) return;
    const drained = Promise.withResolvers<void>();
    this.#drained = drained;
    this.#response.once('drain', () => {
      this.#drained = undefined;
      drained.resolve();
    });
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    if (this.#response === undefined) {
      // Too late for a status when the head is on its way: then `open` says it.
      this.#failure ??= { error };
      this.#begun.reject(error);
      return;
    }
    // The status is already sent: the failure is an event, and nothing follows it.
    const { onError, dialect, requestId } = this.#options;
    onError(error);
    const { body } = toErrorResponse(error, dialect, requestId);
    this.#end(this.#reply.framing.frame(JSON.stringify(body)));
  }

  #end(last: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#response?.end(this.#pending + last);
    this.#pending = '';
    this.#drained?.resolve();
  }
}
