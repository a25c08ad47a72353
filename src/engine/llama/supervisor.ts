import { AppError } from '#core/index.ts';
import type { ExitReason } from './exit-reason.ts';
import type { ModelProcess, StartModelProcess } from './model-process.ts';
import { PROTOCOL_VERSION, type EngineStats, type FromChild, type ToChild } from './protocol-schema.ts';
import { RESTART_POLICY, restartDelay, type RestartPolicy } from './restart-policy.ts';

export type LoadMessage = Extract<ToChild, { type: 'load' }>;
/** What a request sends; its id is given here. */
export type RequestMessage = Extract<ToChild, { type: 'generate' | 'embed' | 'rerank' }>;
type LoadedModelReport = Extract<FromChild, { type: 'loaded' }>;

/** What comes back for one request, until it has ended. */
export interface RequestListener {
  onMessage(message: FromChild): void;
  onFailure(error: AppError): void;
}

/** Where a model is in its life. */
export type EngineState =
  | { readonly state: 'loading'; readonly loadedRatio: number }
  | ({ readonly state: 'ready' } & Pick<LoadedModelReport, 'facts' | 'charsPerToken'>)
  /** Crashed; starts again by itself. */
  | { readonly state: 'restarting'; readonly reason: string; readonly inMs: number }
  /** The file cannot be loaded: starting again would not help. */
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'stopped' };

export interface SupervisorDeps {
  readonly start: StartModelProcess;
  readonly nowMs: () => number;
  /** Runs something later; returns the way to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly onChange: (state: EngineState) => void;
}

export interface SupervisorSettings {
  readonly load: LoadMessage;
  readonly heartbeatMs: number;
  /** A process that has not answered, or a step that has not ended, for this long is taken for hung. */
  readonly hangMs: number;
  readonly loadTimeoutMs: number;
  /** How long a request waits for a model that is just starting. */
  readonly readyWaitMs: number;
  readonly restart?: RestartPolicy;
}

interface Waiter {
  readonly run: () => void;
  readonly fail: (error: AppError) => void;
  readonly cancelTimer: () => void;
}

/**
 * Keeps the process of one model alive: loads it, listens to its heartbeat, ends it when it hangs, starts it again
 * when it crashes, and gives up for a while when it crashes in a loop. Requests in flight at a crash end with
 * `engine.crashed`; those that come meanwhile wait a little, then hear `engine.unavailable`.
 */
export class ModelSupervisor implements AsyncDisposable {
  readonly #deps: SupervisorDeps;
  readonly #settings: SupervisorSettings;
  readonly #requests = new Map<string, RequestListener>();
  readonly #waiters = new Set<Waiter>();
  #state: EngineState = { state: 'stopped' };
  #process: ModelProcess | undefined;
  #crashesAtMs: number[] = [];
  #answeredAtMs = 0;
  #cancelTimers: (() => void)[] = [];
  #stats: EngineStats | undefined;
  #onEnded: (() => void) | undefined;
  #isDisposed = false;

  constructor(deps: SupervisorDeps, settings: SupervisorSettings) {
    this.#deps = deps;
    this.#settings = settings;
  }

  get state(): EngineState {
    return this.#state.state === 'loading'
      ? { state: 'loading', loadedRatio: this.#process?.loadedRatio ?? 0 }
      : this.#state;
  }

  /** As of the last heartbeat. */
  get stats(): EngineStats | undefined {
    return this.#stats;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Whether it serves nobody and nobody waits for it. */
  get isIdle(): boolean {
    return this.#requests.size === 0 && this.#waiters.size === 0;
  }

  start(): void {
    if (this.#process !== undefined || this.#isDisposed) return;
    this.#setState({ state: 'loading', loadedRatio: 0 });
    this.#answeredAtMs = this.#deps.nowMs();
    const process = this.#deps.start({
      onMessage: (message) => this.#onMessage(message),
      onExit: (reason) => this.#onExit(reason),
    });
    this.#process = process;
    this.#later(this.#settings.loadTimeoutMs, () => {
      if (this.#state.state === 'loading') process.kill(true);
    });
  }

  /** Sends a request once the model is there. What comes back goes to the listener, or one failure does. */
  request(message: RequestMessage, listener: RequestListener): void {
    const run = () => {
      this.#requests.set(message.id, listener);
      this.#process?.send(message);
    };
    if (this.#state.state === 'ready') run();
    else if (this.#state.state === 'loading' || this.#canWaitForRestart()) this.#wait(run, listener);
    else listener.onFailure(this.#unavailable());
  }

  abort(id: string): void {
    this.#process?.send({ type: 'abort', id });
  }

  /** Ends the process; requests in flight hear that the model was stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEnded = resolve;
    this.#clearTimers();
    if (this.#process === undefined) resolve();
    else this.#process.kill(false);
    await promise;
    this.#setState({ state: 'stopped' });
    this.#failAll(this.#unavailable());
  }

  #onMessage(message: FromChild): void {
    this.#answeredAtMs = this.#deps.nowMs();
    if (message.type === 'events') {
      for (const event of message.events)
        this.#deliver(event.id, { type: 'events', events: [event] }, isLast(event));
    } else if ('id' in message) {
      this.#deliver(message.id, message, true);
    } else {
      this.#onLifeSign(message);
    }
  }

  #onLifeSign(message: Exclude<FromChild, { id: string } | { type: 'events' }>): void {
    switch (message.type) {
      case 'started':
        if (message.protocol === PROTOCOL_VERSION) this.#process?.send(this.#settings.load);
        else this.#refuse('The parts of this installation are of different versions.');
        return;
      case 'loaded':
        this.#setState({ state: 'ready', facts: message.facts, charsPerToken: message.charsPerToken });
        this.#beat();
        for (const waiter of this.#takeWaiters()) waiter.run();
        return;
      case 'load-failed':
        this.#refuse(message.reason);
        return;
      case 'pong':
        this.#stats = message.stats;
        if (message.stepAgeMs > this.#settings.hangMs) this.#process?.kill(true);
    }
  }

  #deliver(id: string, message: FromChild, isLast: boolean): void {
    const listener = this.#requests.get(id);
    if (isLast) this.#requests.delete(id);
    listener?.onMessage(message);
  }

  #onExit(reason: ExitReason): void {
    this.#process = undefined;
    this.#stats = undefined;
    this.#clearTimers();
    if (this.#isDisposed) {
      this.#onEnded?.();
      return;
    }
    const retryAfterSeconds = 5;
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    if (this.#state.state !== 'refused') this.#scheduleRestart(reason);
    for (const request of requests)
      request.onFailure(new AppError('engine.crashed', reason.summary, { retryAfterSeconds }));
  }

  #scheduleRestart(reason: ExitReason): void {
    const policy = this.#settings.restart ?? RESTART_POLICY;
    const nowMs = this.#deps.nowMs();
    this.#crashesAtMs = [...this.#crashesAtMs.filter((at) => nowMs - at <= policy.windowMs), nowMs];
    const { delayMs, isLoop } = restartDelay(this.#crashesAtMs, policy);
    this.#setState({ state: 'restarting', reason: reason.summary, inMs: delayMs });
    if (isLoop) this.#crashesAtMs = [];
    if (isLoop) for (const waiter of this.#takeWaiters()) waiter.fail(this.#unavailable());
    this.#later(delayMs, () => this.start());
  }

  #refuse(reason: string): void {
    this.#setState({ state: 'refused', reason });
    for (const waiter of this.#takeWaiters()) waiter.fail(this.#unavailable());
    this.#process?.kill(false);
  }

  #beat(): void {
    this.#later(this.#settings.heartbeatMs, () => {
      if (this.#deps.nowMs() - this.#answeredAtMs > this.#settings.hangMs) {
        this.#process?.kill(true);
        return;
      }
      this.#process?.send({ type: 'ping' });
      this.#beat();
    });
  }

  #canWaitForRestart(): boolean {
    return this.#state.state === 'restarting' && this.#state.inMs <= this.#settings.readyWaitMs;
  }

  #wait(run: () => void, listener: RequestListener): void {
    const waiter: Waiter = {
      run: () => {
        waiter.cancelTimer();
        run();
      },
      fail: (error) => {
        waiter.cancelTimer();
        listener.onFailure(error);
      },
      cancelTimer: this.#deps.after(this.#settings.readyWaitMs, () => {
        this.#waiters.delete(waiter);
        listener.onFailure(this.#unavailable());
      }),
    };
    this.#waiters.add(waiter);
  }

  #takeWaiters(): Waiter[] {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    return waiters;
  }

  #unavailable(): AppError {
    const state = this.#state;
    if (state.state === 'refused')
      return new AppError('engine.unavailable', `The model cannot be loaded: ${state.reason}.`);
    if (state.state === 'stopped') return new AppError('engine.unavailable', 'The model was stopped.');
    const inMs = state.state === 'restarting' ? state.inMs : this.#settings.readyWaitMs;
    return new AppError('engine.unavailable', 'The model is not ready.', {
      retryAfterSeconds: Math.max(1, Math.ceil(inMs / 1000)),
    });
  }

  #failAll(error: AppError): void {
    for (const waiter of this.#takeWaiters()) waiter.fail(error);
    for (const request of this.#requests.values()) request.onFailure(error);
    this.#requests.clear();
  }

  #setState(state: EngineState): void {
    this.#state = state;
    this.#deps.onChange(state);
  }

  #later(ms: number, run: () => void): void {
    this.#cancelTimers.push(this.#deps.after(ms, run));
  }

  #clearTimers(): void {
    for (const cancel of this.#cancelTimers) cancel();
    this.#cancelTimers = [];
  }
}

function isLast({ type }: Extract<FromChild, { type: 'events' }>['events'][number]): boolean {
  return type === 'finished' || type === 'failed';
}
