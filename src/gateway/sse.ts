import { Readable } from 'node:stream';
import { isAppError } from '#core/index.ts';
import type { ErrorDialect } from './error-body.ts';
import { toErrorResponse } from './error-body.ts';

/**
 * The same events, until `signal` aborts with a failure as its reason: then that failure, at once, even when
 * the next event never comes.
 */
export async function* cutBy<Event>(
  events: AsyncIterable<Event>,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const cut = Promise.withResolvers<never>();
  cut.promise.catch(() => undefined);
  const onAbort = (): void => {
    if (isAppError(signal.reason)) cut.reject(signal.reason);
  };
  signal.addEventListener('abort', onAbort);
  const iterator = events[Symbol.asyncIterator]();
  let isCut = false;
  try {
    onAbort();
    for (;;) {
      const next = await Promise.race([iterator.next(), cut.promise]);
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    isCut = error === signal.reason;
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    const ended = Promise.resolve(iterator.return?.());
    // After a cut it is not awaited: a generator that hangs must not keep the client's connection open.
    if (isCut) ended.catch(() => undefined);
    else await ended;
  }
}

interface StreamOptions {
  readonly framing: Framing;
  /** Said at the end of a stream that ended well; nothing after a failure. */
  readonly done: string | undefined;
  readonly dialect: ErrorDialect;
  readonly requestId: string;
  onError(error: unknown): void;
}

/** How an event becomes bytes. JSON has no raw line ends, so an event cannot be broken in two. */
export interface Framing {
  readonly contentType: string;
  frame(text: string): string;
}
export const SERVER_SENT_EVENTS: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  frame: (text) => `data: ${text}\n\n`,
};
export const JSON_LINES: Framing = {
  contentType: 'application/x-ndjson; charset=utf-8',
  frame: (text) => `${text}\n`,
};

async function* encode(events: AsyncIterable<object>, options: StreamOptions): AsyncGenerator<string> {
  const { frame } = options.framing;
  try {
    for await (const event of events) yield frame(JSON.stringify(event));
    if (options.done !== undefined) yield frame(options.done);
  } catch (error) {
    // The status is already sent: the failure is an event, and no `[DONE]` follows it.
    options.onError(error);
    yield frame(JSON.stringify(toErrorResponse(error, options.dialect, options.requestId).body));
  }
}

/** A stream of framed events. Destroying it ends the generator behind it. */
export function toEventStream(events: AsyncIterable<object>, options: StreamOptions): Readable {
  return Readable.from(encode(events, options), { objectMode: true, highWaterMark: 1 });
}
