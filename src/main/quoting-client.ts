import { Worker } from 'node:worker_threads';
import type { ChatModel } from '#contracts/index.ts';
import { AppError, type ChatDelta, type ChatRequest } from '#core/index.ts';
import { createExtractiveModel } from '#rag/index.ts';
import type { QuotingReply, QuotingRequest } from './quoting-protocol.ts';

type Waiting = PromiseWithResolvers<readonly ChatDelta[]>;

/** The extractive answerer in a thread of its own: choosing sentences takes milliseconds that belong to nobody else. */
export class QuotingClient implements ChatModel, AsyncDisposable {
  /** Says what the answerer is; asks it nothing. */
  readonly #model = createExtractiveModel();
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;

  constructor() {
    this.#worker = this.#start();
  }

  get name(): string {
    return this.#model.name;
  }

  get mode(): ChatModel['mode'] {
    return this.#model.mode;
  }

  get contextTokens(): number | undefined {
    return this.#model.contextTokens;
  }

  get location(): string {
    return this.#model.location;
  }

  countTokens(text: string): number {
    return this.#model.countTokens(text);
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta> {
    let outputTokens = 0;
    for (const delta of signal.aborted ? [] : await this.#ask(request)) {
      if (signal.aborted) break;
      yield delta;
      if (delta.type === 'finish') return;
      outputTokens += this.countTokens(delta.text);
    }
    const inputTokens = this.countTokens(request.messages.at(-1)?.content ?? '');
    yield {
      type: 'finish',
      reason: 'cancelled',
      usage: { inputTokens, outputTokens, cachedInputTokens: 0 },
    };
  }

  #ask(request: ChatRequest): Promise<readonly ChatDelta[]> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    const waiting: Waiting = Promise.withResolvers();
    this.#waiting.set(id, waiting);
    worker.postMessage({ id, request } satisfies QuotingRequest);
    return waiting.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./quoting-thread.ts', import.meta.url));
    worker.on('message', (reply: QuotingReply) => this.#receive(reply));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('the thread that quotes ended')));
    return worker;
  }

  #receive(reply: QuotingReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'answered') waiting?.resolve(reply.deltas);
    else waiting?.reject(reply.code ? new AppError(reply.code, reply.message) : new Error(reply.message));
  }

  /** What was under way fails; the next question starts another thread. */
  #fail(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) {
      reject(new AppError('engine.unavailable', 'The answer was interrupted. Ask again.', { cause }));
    }
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
