import { AppError } from '#core/index.ts';

const MARK = 'data:';
/** A CR at the end may be half of a CR LF. */
const LINE_END = /\r\n|\n|\r(?!$)/;

/** Longest line that an engine may send. */
const MAX_LINE_BYTES = 1_048_576;

function damaged(what: string): AppError {
  return new AppError('engine.unavailable', `The engine sent ${what}; nothing of it was passed on.`);
}

/**
 * Reads the payloads of the `data:` lines of a stream of server-sent events. Bytes may be cut anywhere, inside a
 * character too.
 * @see WHATWG HTML, section 9.2.6 Interpreting an event stream (one data line per event, as all engines send).
 */
export class DataLines {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest = '';

  /** Payloads that `part` completes. @throws {AppError} engine.unavailable for a line too long, or not UTF-8. */
  take(part: Uint8Array): string[] {
    const text = this.#rest + this.#decode(part);
    const lines = text.includes('\r') ? text.split(LINE_END) : text.split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE_BYTES) throw damaged('a line without an end');
    return payloadsOf(lines);
  }

  /** The payload of a last line that has no end. @throws {AppError} engine.unavailable */
  end(): string[] {
    const last = this.#rest + this.#decode();
    this.#rest = '';
    return payloadsOf([last]);
  }

  #decode(part?: Uint8Array): string {
    try {
      return part === undefined ? this.#decoder.decode() : this.#decoder.decode(part, { stream: true });
    } catch {
      throw damaged('bytes that are not text');
    }
  }
}

function payloadsOf(lines: readonly string[]): string[] {
  const payloads: string[] = [];
  for (const line of lines) {
    if (line.length > MAX_LINE_BYTES) throw damaged('a line without an end');
    if (line.startsWith(MARK)) payloads.push(line.slice(MARK.length).trim());
  }
  return payloads;
}
