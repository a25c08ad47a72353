import { AppError, isAppError, type ChatDelta, type ChatRequest } from '#core/index.ts';
import type { ChatModel, Place } from '#contracts/index.ts';
import { MessageQueue } from './message-queue.ts';
import { EnginePlace, Places, type PlacesSettings } from './places.ts';
import type { PromptSegment } from './prompt-tokens.ts';
import type { FromChild } from './protocol-schema.ts';
import { ReasoningSplitter } from './reasoning-splitter.ts';
import type { ModelSupervisor } from './supervisor.ts';
import type { TemplateRenderer } from './template-renderer.ts';

type EngineEvent = Extract<FromChild, { type: 'events' }>['events'][number];
type Finished = Extract<EngineEvent, { type: 'finished' }>;

/** A request on its way, in the place that was taken for it. */
interface Attempt {
  readonly request: ChatRequest;
  readonly segments: readonly PromptSegment[];
  readonly place: EnginePlace;
}

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

export interface LlamaChatModelSettings extends PlacesSettings {
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
const OPEN_THOUGHT = /<think>\s*$/;

/** A model that runs here, in a process of its own. */
export class LlamaChatModel implements ChatModel {
  readonly name: string;
  readonly mode = 'generated';
  readonly location = 'here';
  readonly contextTokens: number;
  readonly #deps: LlamaChatModelDeps;
  readonly #settings: LlamaChatModelSettings;
  readonly #places: Places;

  constructor(deps: LlamaChatModelDeps, settings: LlamaChatModelSettings) {
    this.#deps = deps;
    this.#settings = settings;
    this.#places = new Places(settings, deps.nowMs);
    this.name = settings.name;
    this.contextTokens = settings.contextTokens;
  }

  takePlace(tenantId: string): EnginePlace {
    return this.#places.take(tenantId);
  }

  /** An estimate; the process of the model counts exactly when the request arrives there. */
  countTokens(text: string): number {
    const { state } = this.#deps.supervisor;
    const charsPerToken = state.state === 'ready' ? state.charsPerToken : CHARS_PER_TOKEN;
    return Math.ceil((text.length / charsPerToken) * ESTIMATE_MARGIN);
  }

  async *stream(request: ChatRequest, signal: AbortSignal, taken?: Place): AsyncGenerator<ChatDelta> {
    if (signal.aborted) {
      yield cancelled(0);
      return;
    }
    using place = taken instanceof EnginePlace ? taken : this.takePlace(tenantOf(request));
    const segments = await this.#deps.renderer.render(request.messages);
    for (let attempt = 1; ; attempt++) {
      let hasBegun = false;
      try {
        for await (const delta of this.#attempt({ request, segments, place }, signal)) {
          hasBegun = true;
          yield delta;
        }
        return;
      } catch (error) {
        // Nobody has seen anything yet: the process starts again within seconds, and the request may as well wait.
        const isWorthwhile = !hasBegun && attempt < MAX_ATTEMPTS && isAppError(error, 'engine.crashed');
        if (!isWorthwhile || signal.aborted) throw error;
      }
    }
  }

  async *#attempt({ request, segments, place }: Attempt, signal: AbortSignal): AsyncGenerator<ChatDelta> {
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
        for (const delta of this.#deltasOf(message, { splitter, place })) {
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
    const tenant = tenantOf(request);
    const { stop, ...sampling } = request.sampling;
    this.#deps.supervisor.request(
      {
        type: 'generate',
        id,
        segments: [...segments],
        sampling: { ...sampling, ...(stop && { stop: [...stop] }) },
        salt: this.#deps.saltOf(tenant),
        tenant,
        weight: request.caller?.weight ?? 1,
        priority: PRIORITIES[request.caller?.priority ?? 'ordinary'],
        timeoutMs: this.#settings.timeoutMs,
      },
      { onMessage: (message) => queue.push(message), onFailure: (error) => queue.end(error) },
    );
    return queue;
  }

  *#deltasOf(
    message: FromChild,
    { splitter, place }: { readonly splitter: ReasoningSplitter; readonly place: EnginePlace },
  ): Generator<ChatDelta> {
    for (const event of eventsOf(message)) {
      if (event.type === 'started') {
        place.begin();
        continue;
      }
      if (event.type === 'text') {
        yield* splitter.push(event.text).map(toDelta);
        continue;
      }
      yield* splitter.finish().map(toDelta);
      const { totalMs, queuedMs } = event.timings;
      if (event.reason !== 'cancelled') place.end(totalMs - queuedMs);
      this.#deps.onFinished({ model: this.name, usage: event.usage, timings: event.timings });
      yield { type: 'finish', reason: event.reason, usage: event.usage };
    }
  }
}

function tenantOf({ caller }: ChatRequest): string {
  return caller?.tenantId ?? 'local';
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

/** What a message says of a request that goes well. @throws {AppError} when it was refused or failed. */
function* eventsOf(message: FromChild): Generator<Exclude<EngineEvent, { type: 'failed' }>> {
  if (message.type !== 'events') throw refusal(message);
  for (const event of message.events) {
    if (event.type === 'failed') throw failure(event.code);
    yield event;
  }
}

function refusal(message: Exclude<FromChild, { type: 'events' }>): AppError {
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
