import type { ChatModel } from '#contracts/index.ts';
import { AppError, type ChatDelta, type ChatRequest, type FinishReason, type Usage } from '#core/index.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { CompletionChunk } from './completion-chunk-schema.ts';
import { DataLines } from './event-lines.ts';
import type { EngineProfile } from './profiles.ts';
import type { UpstreamClient } from './upstream-client.ts';

export interface UpstreamModelOptions {
  readonly client: UpstreamClient;
  readonly profile: EngineProfile;
  /** Name under which clients ask for it here. */
  readonly name: string;
  /** Name under which the engine knows it. */
  readonly upstreamModel: string;
  readonly contextTokens: number | undefined;
}

const CHARACTERS_PER_TOKEN = 4;
const MOST_AFTER_DONE_BYTES = 65_536;

function toPayload(request: ChatRequest, { upstreamModel, profile }: UpstreamModelOptions): object {
  const { sampling } = request;
  return {
    model: upstreamModel,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    ...(profile.countsStreamedTokens && { stream_options: { include_usage: true } }),
    temperature: sampling.temperature,
    top_p: sampling.topP,
    max_tokens: sampling.maxOutputTokens,
    seed: sampling.seed,
    stop: sampling.stop,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
  };
}

function toFinishReason(reason: string): FinishReason {
  if (reason === 'length') return 'length';
  return reason === 'content_filter' ? 'content-filter' : 'stop';
}

/** An answer as an engine streams it: reads bytes, gives what they say. */
class EngineAnswer {
  #parts: AsyncIterator<Uint8Array> | undefined;
  #isDone = false;
  readonly #lines = new DataLines();
  readonly #chunks: ChunkReader;
  readonly #profile: EngineProfile;
  reason: FinishReason | undefined;
  usage: Usage | undefined;
  text = '';

  constructor(engine: string, profile: EngineProfile) {
    this.#chunks = new ChunkReader(engine);
    this.#profile = profile;
  }

  open(body: AsyncIterable<Uint8Array>): void {
    this.#parts = body[Symbol.asyncIterator]();
  }

  /** What the engine says next, up to what is damaged; undefined when it has said everything. */
  async next(): Promise<Iterable<ChatDelta> | undefined> {
    const part = this.#isDone ? undefined : await this.#parts?.next();
    if (part === undefined) return undefined;
    if (part.done !== true) return this.#read(this.#lines.take(part.value));
    this.#parts = undefined;
    return this.#read(this.#lines.end());
  }

  /** Lets go of the connection: an engine that said its last word may use it again, any other is cut off. */
  async close(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    if (parts === undefined) return;
    if (this.#isDone) readAway(parts).catch(() => undefined);
    else await parts.return?.();
  }

  *#read(payloads: readonly string[]): Generator<ChatDelta> {
    for (const payload of payloads) {
      if (payload === '[DONE]') {
        this.reason ??= 'stop';
        this.#isDone = true;
        return;
      }
      const more = this.#chunks.readMore(payload);
      if (more !== undefined) {
        this.text += more;
        if (more !== '') yield { type: 'text-delta', text: more };
        continue;
      }
      const chunk = this.#chunks.read(payload);
      this.usage = toUsage(chunk) ?? this.usage;
      for (const { delta, finish_reason: reason } of chunk.choices ?? []) {
        if (delta != null) yield* this.#readDelta(delta);
        if (reason != null) this.reason = toFinishReason(reason);
      }
    }
  }

  *#readDelta(delta: Readonly<Record<string, unknown>>): Generator<ChatDelta> {
    for (const field of this.#profile.reasoningFields) {
      const thought = delta[field];
      if (typeof thought === 'string' && thought !== '') yield { type: 'reasoning-delta', text: thought };
    }
    const text = delta['content'];
    if (typeof text !== 'string' || text === '') return;
    this.text += text;
    yield { type: 'text-delta', text };
  }
}

/**
 * Reads what comes after the last word, so that the connection can be used again; an engine that goes on talking is cut
 * off.
 */
async function readAway(rest: AsyncIterator<Uint8Array>): Promise<void> {
  for (let bytes = 0; bytes < MOST_AFTER_DONE_BYTES;) {
    const next = await rest.next();
    if (next.done === true) return;
    bytes += next.value.byteLength;
  }
  await rest.return?.();
}

/** A model of another engine that speaks OpenAI's dialect. Nothing it sends is passed on unread. */
export class UpstreamChatModel implements ChatModel {
  readonly mode = 'generated';
  readonly name: string;
  readonly contextTokens: number | undefined;
  readonly location: string;
  readonly #options: UpstreamModelOptions;

  constructor(options: UpstreamModelOptions) {
    this.#options = options;
    this.name = options.name;
    this.contextTokens = options.contextTokens;
    this.location = options.client.name;
  }

  /** An estimate: the tokenizer is at the engine. */
  countTokens(text: string): number {
    return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta> {
    const { client, profile } = this.#options;
    const answer = new EngineAnswer(this.location, profile);
    try {
      if (!signal.aborted)
        answer.open(await client.post(profile.chatPath, toPayload(request, this.#options), signal));
      for (let said = await answer.next(); said !== undefined; said = await answer.next())
        for (const delta of said) yield delta;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await answer.close();
    }
    yield this.#finish(request, answer, signal);
  }

  /** @throws {AppError} engine.unavailable when the engine never said how its answer ended. */
  #finish(request: ChatRequest, answer: EngineAnswer, signal: AbortSignal): ChatDelta {
    const usage = answer.usage ?? this.#estimate(request, answer.text);
    if (signal.aborted) return { type: 'finish', reason: 'cancelled', usage };
    if (answer.reason !== undefined) return { type: 'finish', reason: answer.reason, usage };
    throw new AppError(
      'engine.unavailable',
      `The engine "${this.location}" stopped before its answer was whole.`,
    );
  }

  #estimate({ messages }: ChatRequest, text: string): Usage {
    const inputTokens = messages.reduce((sum, { content }) => sum + this.countTokens(content), 0);
    return { inputTokens, outputTokens: this.countTokens(text), cachedInputTokens: 0 };
  }
}

function toUsage({ usage }: CompletionChunk): Usage | undefined {
  if (usage == null) return undefined;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens ?? 0,
    cachedInputTokens: Math.min(cached, usage.prompt_tokens),
  };
}
