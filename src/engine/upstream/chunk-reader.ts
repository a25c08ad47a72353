import { AppError } from '#core/index.ts';
import { CompletionChunk } from './completion-chunk-schema.ts';

/** Chunks of an engine that all differ are not learned for ever. */
const MOST_MISSES = 8;
const PROBE = 'x';
/** What ends a string of JSON, or begins an escape, or may not stand in one: with it, a chunk is parsed whole. */
const SPECIAL = /["\\\p{Cc}]/u;

/**
 * Reads the chunks that an engine streams. Those of one answer are mostly the same but for a piece of text: one is
 * parsed and checked whole, and of those that are equal to it around the text only the text is read. The text must be a
 * string of JSON by itself, so that whatever else it may hold, it says nothing beside the text.
 */
export class ChunkReader {
  readonly #engine: string;
  #around: { readonly before: string; readonly after: string } | undefined;
  #misses = 0;

  /** @param engine its name, for people. */
  constructor(engine: string) {
    this.#engine = engine;
  }

  /** The text of a chunk that brings a text and is otherwise equal to one that was read; undefined for any other. */
  readMore(payload: string): string | undefined {
    if (this.#around === undefined) return undefined;
    const { before, after } = this.#around;
    const end = payload.length - after.length;
    if (end < before.length || !payload.startsWith(before) || !payload.endsWith(after)) return undefined;
    const raw = payload.slice(before.length, end);
    const text = SPECIAL.test(raw) ? unquoted(raw) : raw;
    if (text !== undefined) this.#misses = 0;
    return text;
  }

  /** @throws {AppError} engine.unavailable for what is no chunk, and for an error of the engine. */
  read(payload: string): CompletionChunk {
    const chunk = CompletionChunk.safeParse(this.#parse(payload));
    if (!chunk.success || chunk.data.error !== undefined)
      throw new AppError('engine.unavailable', `The engine "${this.#engine}" failed while it answered.`);
    if (this.#misses < MOST_MISSES) this.#learn(payload, chunk.data);
    return chunk.data;
  }

  #parse(payload: string): unknown {
    try {
      return JSON.parse(payload);
    } catch (error) {
      throw new AppError(
        'engine.unavailable',
        `The engine "${this.#engine}" sent something that is not JSON.`,
        { cause: error },
      );
    }
  }

  /** What stands around the text of a chunk that says nothing else. */
  #learn(payload: string, chunk: CompletionChunk): void {
    const text = plainTextOf(chunk);
    if (text === undefined) return;
    this.#misses += 1;
    const quoted = JSON.stringify(text);
    const at = payload.indexOf(quoted, payload.indexOf('"content"') + '"content"'.length);
    if (at < 0) return;
    const before = payload.slice(0, at + 1);
    const after = payload.slice(at + quoted.length - 1);
    // It may have been found at another place that looks alike: then the probe is not the text.
    if (textIn(`${before}${PROBE}${after}`) === PROBE) this.#around = { before, after };
  }
}

/** The text of a chunk that brings a text, no thought, no end and no count. */
function plainTextOf({ choices, usage }: CompletionChunk): string | undefined {
  const [choice] = choices ?? [];
  if (choice === undefined || choices?.length !== 1 || choice.finish_reason != null || usage != null)
    return undefined;
  const { content, ...others } = choice.delta ?? {};
  const isAlone = Object.values(others).every((value) => !isSaid(value) || value === 'assistant');
  return typeof content === 'string' && isSaid(content) && isAlone ? content : undefined;
}

const isSaid = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** The text of a chunk; undefined for any other, and for what is none. */
function textIn(payload: string): string | undefined {
  const chunk = CompletionChunk.safeParse(parsed(payload));
  return chunk.success && chunk.data.error === undefined ? plainTextOf(chunk.data) : undefined;
}

/** What a string of JSON says; undefined when the text is not one string, but more or less. */
function unquoted(text: string): string | undefined {
  const value = parsed(`"${text}"`);
  return typeof value === 'string' ? value : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
