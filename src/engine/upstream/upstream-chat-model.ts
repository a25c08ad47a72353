import type { ChatModel } from '#contracts/index.ts';
import { AppError, type ChatDelta, type ChatRequest, type FinishReason, type Usage } from '#core/index.ts';
import { CompletionChunk } from './completion-chunk-schema.ts';
import { readDataLines } from './event-lines.ts';
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

function parseChunk(payload: string, engine: string): CompletionChunk {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch (error) {
    throw new AppError('engine.unavailable', `The engine "${engine}" sent something that is not JSON.`, {
      cause: error,
    });
  }
  const chunk = CompletionChunk.safeParse(value);
  if (!chunk.success || chunk.data.error !== undefined) {
    throw new AppError('engine.unavailable', `The engine "${engine}" failed while it answered.`);
  }
  return chunk.data;
}

/** What a stream has told so far. */
class Progress {
  reason: FinishReason | undefined;
  usage: Usage | undefined;
  text = '';
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
    const progress = new Progress();
    try {
      if (!signal.aborted) yield* this.#deltas(request, signal, progress);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (!signal.aborted && progress.reason === undefined) {
      throw new AppError(
        'engine.unavailable',
        `The engine "${this.location}" stopped before its answer was whole.`,
      );
    }
    const reason = signal.aborted ? 'cancelled' : (progress.reason ?? 'stop');
    yield { type: 'finish', reason, usage: progress.usage ?? this.#estimate(request, progress.text) };
  }

  async *#deltas(request: ChatRequest, signal: AbortSignal, progress: Progress): AsyncGenerator<ChatDelta> {
    const { client, profile } = this.#options;
    const body = await client.post(profile.chatPath, toPayload(request, this.#options), signal);
    for await (const payload of readDataLines(body)) {
      if (payload === '[DONE]') {
        progress.reason ??= 'stop';
        return;
      }
      const chunk = parseChunk(payload, this.location);
      progress.usage = toUsage(chunk) ?? progress.usage;
      for (const choice of chunk.choices ?? []) {
        yield* this.#choice(choice.delta ?? {}, progress);
        if (choice.finish_reason != null) progress.reason = toFinishReason(choice.finish_reason);
      }
    }
  }

  *#choice(delta: Readonly<Record<string, unknown>>, progress: Progress): Generator<ChatDelta> {
    for (const field of this.#options.profile.reasoningFields) {
      const thought = delta[field];
      if (typeof thought === 'string' && thought !== '') yield { type: 'reasoning-delta', text: thought };
    }
    const text = delta['content'];
    if (typeof text !== 'string' || text === '') return;
    progress.text += text;
    yield { type: 'text-delta', text };
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
