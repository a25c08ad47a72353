import { AppError, isAppError, type ChatDelta, type ChatRequest } from '#core/index.ts';
import type { ChatModel } from '#contracts/index.ts';
import { MessageQueue } from './message-queue.ts';
import type { PromptSegment } from './prompt-tokens.ts';
import type { FromChild } from './protocol-schema.ts';
import { ReasoningSplitter } from './reasoning-splitter.ts';
import type { ModelSupervisor } from './supervisor.ts';
import type { TemplateRenderer } from './template-renderer.ts';

type Finished = Extract<Extract<FromChild, { type: 'events' }>['events'][number], { type: 'finished' }>;

/** What a finished answer took; counted, never with its text. */
export interface GenerationRecord {
  readonly model: string;
  readonly usage: Finished['usage'];
  readonly timings: Finished['timings'];
}

export interface LlamaChatModelDeps {
  readonly supervisor: Pick<ModelSupervisor, 'request' | 'abort' | 'state'>;
  readonly renderer: Pick<TemplateRenderer, 'render'>;
  readonly newRequestId: () => string;
  /** The key under which a caller's cached beginnings are kept apart from those of other tenants. */
  readonly saltOf: (tenant: string) => string;
  readonly onFinished: (record: GenerationRecord) => void;
  readonly nowMs: () => number;
}

export interface LlamaChatModelSettings {
  readonly name: string;
  readonly contextTokens: number;
  readonly timeoutMs: number;
}

const PRIORITIES = { background: 0, ordinary: 1, interactive: 2 } as const;
/** Until the model has loaded and said its own. */
const CHARS_PER_TOKEN = 2.5;
/** Texts differ from the sample that the estimate rests on. */
const ESTIMATE_MARGIN = 1.1;
/** A request that was in flight when the process died, and of which nobody has seen anything, is tried again. */
const MAX_ATTEMPTS = 2;
/** A refusal holds for a part of the wait that it named: until then no turn can have come. */
const HOLD_RATIO = 0.5;
const HOLD_MS = { least: 10, most: 250 } as const;
const OPEN_THOUGHT = /<think>\s*$/;

/** A model that runs here, in a process of its own. */
export class LlamaChatModel implements ChatModel {
  readonly name: string;
  readonly mode = 'generated';
  readonly location = 'here';
  readonly contextTokens: number;
  readonly #deps: LlamaChatModelDeps;
  readonly #settings: LlamaChatModelSettings;
  /** Tenants that were refused just now, and until when nothing can have changed for them. */
  readonly #refused = new Map<string, { untilMs: number; error: AppError; count: number }>();

  constructor(deps: LlamaChatModelDeps, settings: LlamaChatModelSettings) {
    this.#deps = deps;
    this.#settings = settings;
    this.name = settings.name;
    this.contextTokens = settings.contextTokens;
  }

  checkRoom(tenantId: string): void {
    const refused = this.#refused.get(tenantId);
    if (refused === undefined || this.#deps.nowMs() >= refused.untilMs) return;
    refused.count += 1;
    throw refused.error;
  }

  /** Requests of a tenant that were refused here since the last that went through: they count as asked. */
  #takeRefused(tenant: string): number {
    const refused = this.#refused.get(tenant);
    this.#refused.delete(tenant);
    return refused?.count ?? 0;
  }

  #noteRefusal(tenant: string, error: unknown): void {
    if (!isAppError(error, 'engine.overloaded')) return;
    const waitMs = Number(error.details['waitMs'] ?? 0);
    const holdMs = Math.min(HOLD_MS.most, Math.max(HOLD_MS.least, waitMs * HOLD_RATIO));
    this.#refused.set(tenant, { untilMs: this.#deps.nowMs() + holdMs, error, count: 0 });
  }

  /** An estimate; the process of the model counts exactly when the request arrives there. */
  countTokens(text: string): number {
    const { state } = this.#deps.supervisor;
    const charsPerToken = state.state === 'ready' ? state.charsPerToken : CHARS_PER_TOKEN;
    return Math.ceil((text.length / charsPerToken) * ESTIMATE_MARGIN);
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta> {
    if (signal.aborted) {
      yield cancelled(0);
      return;
    }
    const segments = await this.#deps.renderer.render(request.messages);
    for (let attempt = 1; ; attempt++) {
      let hasBegun = false;
      try {
        for await (const delta of this.#attempt(request, segments, signal)) {
          hasBegun = true;
          yield delta;
        }
        return;
      } catch (error) {
        this.#noteRefusal(request.caller?.tenantId ?? 'local', error);
        // Nobody has seen anything yet: the process starts again within seconds, and the request may as well wait.
        const isWorthwhile = !hasBegun && attempt < MAX_ATTEMPTS && isAppError(error, 'engine.crashed');
        if (!isWorthwhile || signal.aborted) throw error;
      }
    }
  }

  async *#attempt(
    request: ChatRequest,
    segments: readonly PromptSegment[],
    signal: AbortSignal,
  ): AsyncGenerator<ChatDelta> {
    const id = this.#deps.newRequestId();
    const queue = this.#submit(id, request, segments);
    const abort = () => this.#deps.supervisor.abort(id);
    signal.addEventListener('abort', abort, { once: true });
    // The signal may have fired while the prompt was rendered.
    if (signal.aborted) abort();
    const splitter = new ReasoningSplitter(OPEN_THOUGHT.test(segments.at(-1)?.text ?? ''));
    let isFinished = false;
    try {
      for await (const message of queue) {
        for (const delta of this.#deltasOf(message, splitter)) {
          isFinished = delta.type === 'finish';
          yield delta;
        }
        if (isFinished) return;
      }
    } finally {
      signal.removeEventListener('abort', abort);
      // Also when the reader walks away: nobody is left to read what the model would go on to write.
      if (!isFinished) abort();
    }
  }

  #submit(id: string, request: ChatRequest, segments: readonly PromptSegment[]): MessageQueue<FromChild> {
    const queue = new MessageQueue<FromChild>();
    const tenant = request.caller?.tenantId ?? 'local';
    const { stop, ...sampling } = request.sampling;
    this.#deps.supervisor.request(
      {
        type: 'generate',
        id,
        segments: [...segments],
        sampling: { ...sampling, ...(stop && { stop: [...stop] }) },
        salt: this.#deps.saltOf(tenant),
        tenant,
        refusedBefore: this.#takeRefused(tenant),
        weight: request.caller?.weight ?? 1,
        priority: PRIORITIES[request.caller?.priority ?? 'ordinary'],
        timeoutMs: this.#settings.timeoutMs,
      },
      { onMessage: (message) => queue.push(message), onFailure: (error) => queue.end(error) },
    );
    return queue;
  }

  *#deltasOf(message: FromChild, splitter: ReasoningSplitter): Generator<ChatDelta> {
    for (const event of eventsOf(message)) {
      if (event.type === 'text') {
        yield* splitter.push(event.text).map(toDelta);
        continue;
      }
      yield* splitter.finish().map(toDelta);
      this.#deps.onFinished({ model: this.name, usage: event.usage, timings: event.timings });
      yield { type: 'finish', reason: event.reason, usage: event.usage };
    }
  }
}

function toDelta(part: { readonly kind: 'text' | 'reasoning'; readonly text: string }): ChatDelta {
  return { type: part.kind === 'text' ? 'text-delta' : 'reasoning-delta', text: part.text };
}

function cancelled(inputTokens: number): ChatDelta {
  return {
    type: 'finish',
    reason: 'cancelled',
    usage: { inputTokens, outputTokens: 0, cachedInputTokens: 0 },
  };
}

/** The texts and the end in a message. @throws {AppError} when the request was refused or failed. */
function* eventsOf(message: FromChild): Generator<Finished | { type: 'text'; id: string; text: string }> {
  if (message.type !== 'events') throw refusal(message);
  for (const event of message.events) {
    if (event.type === 'failed') throw failure(event.code);
    yield event;
  }
}

function refusal(message: Exclude<FromChild, { type: 'events' }>): AppError {
  if (message.type === 'overloaded') {
    return new AppError('engine.overloaded', 'The model has more requests than it can serve soon.', {
      retryAfterSeconds: Math.max(1, Math.ceil(message.waitMs / 1000)),
      details: { waitMs: Math.round(message.waitMs) },
    });
  }
  if (message.type === 'context-exceeded') {
    const { promptTokens, contextTokens } = message;
    return new AppError(
      'model.context_exceeded',
      `The conversation has ${promptTokens} tokens; the model takes ${contextTokens} with its answer.`,
      { details: { promptTokens, contextTokens } },
    );
  }
  return new AppError('engine.unavailable', 'The model could not serve this request.');
}

function failure(code: 'timed-out' | 'step-failed'): AppError {
  return code === 'timed-out'
    ? new AppError('request.timed_out', 'The answer took longer than allowed.')
    : new AppError('engine.crashed', 'A step of the model failed.', { retryAfterSeconds: 1 });
}
