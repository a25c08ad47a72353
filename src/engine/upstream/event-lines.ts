import { AppError } from '#core/index.ts';

/** Longest line that an engine may send. */
export const MAX_LINE_BYTES = 1_048_576;

function damaged(what: string): AppError {
  return new AppError('engine.unavailable', `The engine sent ${what}; nothing of it was passed on.`);
}

/**
 * The payloads of the `data:` lines of a stream of server-sent events, as they complete. Bytes may be cut
 * anywhere, inside a character too. @throws {AppError} engine.unavailable for a line that is too long or not UTF-8.
 * @see WHATWG HTML, section 9.2.6 Interpreting an event stream (one data line per event, as all engines send).
 */
export async function* readDataLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  const decode = (part?: Uint8Array): string => {
    try {
      return part === undefined ? decoder.decode() : decoder.decode(part, { stream: true });
    } catch {
      throw damaged('bytes that are not text');
    }
  };
  for await (const part of body) {
    const lines = (rest + decode(part)).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_BYTES) throw damaged('a line without an end');
    yield* lines.flatMap(toPayload);
  }
  yield* toPayload(rest + decode());
}

function toPayload(line: string): string[] {
  if (line.length > MAX_LINE_BYTES) throw damaged('a line without an end');
  return line.startsWith('data:') ? [line.slice('data:'.length).trim()] : [];
}
