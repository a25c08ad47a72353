import { Readable } from 'node:stream';
import type { ErrorDialect } from './error-body.ts';
import { toErrorResponse } from './error-body.ts';

interface SseOptions {
  /** Said at the end of a stream that ended well; nothing after a failure. */
  readonly done: string | undefined;
  readonly dialect: ErrorDialect;
  readonly requestId: string;
  onError(error: unknown): void;
}

async function* encode(events: AsyncIterable<object>, options: SseOptions): AsyncGenerator<string> {
  try {
    for await (const event of events) yield `data: ${JSON.stringify(event)}\n\n`;
    if (options.done !== undefined) yield `data: ${options.done}\n\n`;
  } catch (error) {
    // The status is already sent: the failure is an event, and no `[DONE]` follows it.
    options.onError(error);
    yield `data: ${JSON.stringify(toErrorResponse(error, options.dialect, options.requestId).body)}\n\n`;
  }
}

/**
 * A stream of server-sent events. JSON has no raw line ends, so an event cannot be broken in two. Destroying
 * the stream ends the generator behind it.
 */
export function toEventStream(events: AsyncIterable<object>, options: SseOptions): Readable {
  return Readable.from(encode(events, options), { objectMode: true, highWaterMark: 1 });
}
